/** Pages that are not of a feature: not found, forbidden, offline, stopped working. */
import { Box, Button, Typography } from '@mui/material';
import { CloudOff, Compass, Lock, TriangleAlert, type LucideIcon } from 'lucide-react';
import { useRef, type ReactNode } from 'react';
import { Link } from 'react-router';

import { useText } from '@/i18n/text';
import { usePageTitle } from '@/lib/heading';
import { useSession } from '@/lib/session';

import { texts } from './texts';

const ROLES = { admin: 'roleAdmin', manager: 'roleManager', analyst: 'roleAnalyst', customer: 'roleCustomer' } as const;

interface Props {
  icon: LucideIcon;
  title: string;
  text: string;
  /** The one thing to do next. */
  children: ReactNode;
}

function StatePage({ icon: Icon, title, text, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  usePageTitle(title, heading);
  return (
    <Box sx={{ display: 'grid', justifyItems: 'center', alignContent: 'center', textAlign: 'center', gap: 3, minHeight: '60dvh', px: 4 }}>
      <Box sx={{ color: 'text.secondary', bgcolor: 'surface.sunken', borderRadius: '50%', p: 4, display: 'grid' }}><Icon size={28} strokeWidth={1.5} aria-hidden /></Box>
      <Typography variant="h1" ref={heading} tabIndex={-1} data-page-heading>{title}</Typography>
      <Typography variant="body1" color="text.secondary" sx={{ maxWidth: '52ch', textWrap: 'pretty' }}>{text}</Typography>
      <Box sx={{ mt: 2 }}>{children}</Box>
    </Box>
  );
}

function ToHome() {
  const t = useText(texts);
  return <Button variant="contained" component={Link} to="/">{t('toHome')}</Button>;
}

export function NotFound() {
  const t = useText(texts);
  return <StatePage icon={Compass} title={t('notFound')} text={t('notFoundText')}><ToHome /></StatePage>;
}

export function Forbidden() {
  const t = useText(texts);
  const { profile } = useSession();
  const role = t(ROLES[profile?.role ?? 'customer']);
  return <StatePage icon={Lock} title={t('forbidden')} text={t('forbiddenText', { role })}><ToHome /></StatePage>;
}

export function Offline() {
  const t = useText(texts);
  const { retry } = useSession();
  return (
    <StatePage icon={CloudOff} title={t('offlinePage')} text={t('offlinePageText')}>
      <Button variant="contained" onClick={() => void retry()}>{t('tryAgain')}</Button>
    </StatePage>
  );
}

export function Crash() {
  const t = useText(texts);
  return (
    <StatePage icon={TriangleAlert} title={t('crash')} text={t('crashText')}>
      <Button variant="contained" onClick={() => window.location.reload()}>{t('reload')}</Button>
    </StatePage>
  );
}
