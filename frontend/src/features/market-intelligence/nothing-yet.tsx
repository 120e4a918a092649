import { Card, Typography } from '@mui/material';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

import { EmptyState, type Action } from '@/components/empty-state';
import { Prose } from '@/components/prose';
import { useText } from '@/i18n/text';

import { useSaid } from './said/use-said';
import { texts } from './texts';
import type { Emptiness } from './types';

interface Props {
  title: string;
  from: Emptiness;
  icon?: LucideIcon;
  action?: Action;
  children?: ReactNode;
}

/** Why there is nothing, and what it would take. */
export function NothingYet({ title, from, icon, action, children }: Props) {
  const t = useText(texts);
  const said = useSaid();
  const text = (
    <>
      <Typography variant="body2" component="p" sx={{ m: 0 }}><Prose text={said(from.empty_said, from.empty_because ?? '')} /></Typography>
      {from.needed && <Typography variant="body2" component="p" sx={{ m: 0, mt: 2 }}><Prose text={t('needs', { needed: said(from.needed_said, from.needed) })} /></Typography>}
      {children}
    </>
  );
  return <Card><EmptyState icon={icon} title={title} text={text} action={action} /></Card>;
}
