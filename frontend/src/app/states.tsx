/** Pages that are not of a feature: not found, forbidden, offline, stopped working. */
import { CloudOff, Compass, Lock, TriangleAlert } from 'lucide-react';

import { EmptyState } from '@/components/empty-state';
import { Page } from '@/components/page';
import { useText } from '@/i18n/text';
import { useSession } from '@/lib/session';

import { texts } from './texts';

const ROLES = { admin: 'roleAdmin', manager: 'roleManager', analyst: 'roleAnalyst', customer: 'roleCustomer' } as const;

export function NotFound() {
  const t = useText(texts);
  return (
    <Page title={t('notFound')}>
      <EmptyState icon={Compass} title={t('notFound')} text={t('notFoundText')} action={{ label: t('toHome'), to: '/' }} />
    </Page>
  );
}

export function Forbidden() {
  const t = useText(texts);
  const { profile } = useSession();
  const role = t(ROLES[profile?.role ?? 'customer']);
  return (
    <Page title={t('forbidden')}>
      <EmptyState icon={Lock} title={t('forbidden')} text={t('forbiddenText', { role })} action={{ label: t('toHome'), to: '/' }} />
    </Page>
  );
}

export function Offline() {
  const t = useText(texts);
  const { retry } = useSession();
  const action = { label: t('tryAgain'), onClick: () => void retry() };
  return (
    <Page title={t('offlinePage')}>
      <EmptyState icon={CloudOff} title={t('offlinePage')} text={t('offlinePageText')} action={action} />
    </Page>
  );
}

export function Crash() {
  const t = useText(texts);
  const action = { label: t('reload'), onClick: () => window.location.reload() };
  return <EmptyState icon={TriangleAlert} title={t('crash')} text={t('crashText')} action={action} />;
}
