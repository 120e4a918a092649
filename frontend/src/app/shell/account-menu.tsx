import { Avatar, Box, Divider, IconButton, ListItemIcon, Menu, MenuItem, ToggleButton, ToggleButtonGroup, Typography } from '@mui/material';
import { LogOut } from 'lucide-react';
import { useState } from 'react';

import { answer, api } from '@/api/client';
import { texts } from '@/app/texts';
import { LANGUAGES, NAMES, type Language } from '@/i18n/language';
import { useLanguage, useText } from '@/i18n/text';
import { SCHEMES, useScheme, type Scheme } from '@/lib/color-scheme';
import { useSession } from '@/lib/session';

/** Keeps a choice with the account, so that the next device has it too. */
function useRemember() {
  const { profile, update } = useSession();
  return (change: { language?: Language; theme?: Scheme }) => {
    if (profile === null) return;
    // The choice already holds on this device; without a connection the account learns it next time.
    answer(api.PATCH('/api/v1/user/profile', { body: change })).then(update, () => undefined);
  };
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; text: string }[];
  onChoose: (value: T) => void;
}

function Choice<T extends string>({ label, value, options, onChoose }: ChoiceProps<T>) {
  return (
    <Box sx={{ px: 4, py: 2 }}>
      <Typography variant="caption" color="text.secondary" component="div" sx={{ mb: 1 }}>{label}</Typography>
      <ToggleButtonGroup exclusive fullWidth size="small" aria-label={label} value={value} onChange={(_, next: T | null) => next && onChoose(next)}>
        {options.map((option) => <ToggleButton key={option.value} value={option.value}>{option.text}</ToggleButton>)}
      </ToggleButtonGroup>
    </Box>
  );
}

/** Language and colours; for everybody, signed in or not. */
export function LookChoices() {
  const t = useText(texts);
  const { language, choose } = useLanguage();
  const { scheme, choose: chooseScheme } = useScheme();
  const remember = useRemember();
  const pickLanguage = (next: Language) => {
    choose(next);
    remember({ language: next });
  };
  const pickScheme = (next: Scheme) => {
    chooseScheme(next);
    remember({ theme: next });
  };
  return (
    <>
      <Choice label={t('language')} value={language} options={LANGUAGES.map((value) => ({ value, text: NAMES[value] }))} onChoose={pickLanguage} />
      <Choice label={t('scheme')} value={scheme} options={SCHEMES.map((value) => ({ value, text: t(value) }))} onChoose={pickScheme} />
    </>
  );
}

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
