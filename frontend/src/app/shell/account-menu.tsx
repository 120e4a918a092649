import { Avatar, IconButton } from '@mui/material';
import { lazy, Suspense, useState } from 'react';

import { texts } from '@/app/texts';
import { useText } from '@/i18n/text';
import { useSession } from '@/lib/session';

const load = () => import('./account-panel');
const AccountPanel = lazy(load);

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return words.slice(0, 2).map((word) => [...word][0] ?? '').join('').toUpperCase();
}

/** The button of the account; what it opens is loaded when the pointer or focus comes near. */
export function AccountMenu() {
  const t = useText(texts);
  const { profile } = useSession();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const name = profile?.name ?? '';
  const prepare = () => void load().catch(() => undefined);
  return (
    <>
      <IconButton
        onClick={(event) => setAnchor(event.currentTarget)} onPointerEnter={prepare} onFocus={prepare}
        aria-haspopup="menu" aria-expanded={anchor !== null} aria-label={name === '' ? t('account') : t('accountOf', { name })}
      >
        <Avatar data-initials={initials(name)} sx={{ '&::before': { content: 'attr(data-initials)' }, width: 30, height: 30, bgcolor: 'primary.main', color: 'primary.contrastText', fontSize: 'caption.fontSize', fontWeight: 600 }}> </Avatar>
      </IconButton>
      {anchor && <Suspense fallback={null}><AccountPanel anchor={anchor} onClose={() => setAnchor(null)} /></Suspense>}
    </>
  );
}
