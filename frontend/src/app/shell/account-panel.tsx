import { Box, Divider, ListItemIcon, Menu, MenuItem, Typography } from '@mui/material';
import { LogOut } from 'lucide-react';
import { useNavigate } from 'react-router';

import { texts } from '@/app/texts';
import { LookChoices } from '@/components/look-choices';
import { useText } from '@/i18n/text';
import { useSession } from '@/lib/session';

interface Props {
  anchor: HTMLElement;
  onClose: () => void;
}

/** Who is signed in, how the page looks, and the way out. */
export default function AccountPanel({ anchor, onClose }: Props) {
  const t = useText(texts);
  const navigate = useNavigate();
  const { profile, leave } = useSession();
  return (
    <Menu anchorEl={anchor} open onClose={onClose} slotProps={{ paper: { sx: { width: 280 } } }}>
      {profile && (
        <Box component="li" role="none" sx={{ px: 4, pt: 1, pb: 2 }}>
          <Typography variant="h4" component="div" sx={{ overflowWrap: 'anywhere' }}>{profile.name}</Typography>
          <Typography variant="caption" color="text.secondary" dir="ltr" component="div" sx={{ overflowWrap: 'anywhere', textAlign: 'start' }}>{profile.email}</Typography>
        </Box>
      )}
      {profile && <Divider role="none" component="li" sx={{ my: 1 }} />}
      <Box component="li" role="none"><LookChoices /></Box>
      <Divider role="none" component="li" sx={{ my: 1 }} />
      <MenuItem onClick={() => void leave().then(() => navigate('/sign-in', { replace: true }))}>
        <ListItemIcon><LogOut size={18} aria-hidden /></ListItemIcon>
        {t('signOut')}
      </MenuItem>
    </Menu>
  );
}
