import { Avatar, Box, Divider, IconButton, ListItemIcon, Menu, MenuItem, Typography } from '@mui/material';
import { LogOut } from 'lucide-react';
import { useState } from 'react';

import { texts } from '@/app/texts';
import { LookChoices } from '@/components/look-choices';
import { useText } from '@/i18n/text';
import { useSession } from '@/lib/session';

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return words.slice(0, 2).map((word) => [...word][0] ?? '').join('').toUpperCase();
}

/** Who is signed in, how the page looks, and the way out. */
export function AccountMenu() {
  const t = useText(texts);
  const { profile, leave } = useSession();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const name = profile?.name ?? '';
  return (
    <>
      <IconButton onClick={(event) => setAnchor(event.currentTarget)} aria-haspopup="menu" aria-expanded={anchor !== null} aria-label={name === '' ? t('account') : t('accountOf', { name })}>
        <Avatar sx={{ width: 30, height: 30, bgcolor: 'primary.main', color: 'primary.contrastText', fontSize: 'caption.fontSize', fontWeight: 600 }}>{initials(name)}</Avatar>
      </IconButton>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)} slotProps={{ paper: { sx: { width: 280 } } }}>
        {profile && (
          <Box sx={{ px: 4, pt: 1, pb: 2 }}>
            <Typography variant="h4" component="div" sx={{ overflowWrap: 'anywhere' }}>{profile.name}</Typography>
            <Typography variant="caption" color="text.secondary" dir="ltr" component="div" sx={{ overflowWrap: 'anywhere', textAlign: 'start' }}>{profile.email}</Typography>
          </Box>
        )}
        {profile && <Divider sx={{ my: 1 }} />}
        <Box component="li" role="none"><LookChoices /></Box>
        <Divider sx={{ my: 1 }} />
        <MenuItem onClick={() => void leave()}>
          <ListItemIcon><LogOut size={18} aria-hidden /></ListItemIcon>
          {t('signOut')}
        </MenuItem>
      </Menu>
    </>
  );
}
