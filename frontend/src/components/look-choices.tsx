import { Box, ToggleButton, ToggleButtonGroup, Typography } from '@mui/material';

import { answer, api } from '@/api/client';
import { LANGUAGES, NAMES, type Language } from '@/i18n/language';
import { useLanguage, useText } from '@/i18n/text';
import { SCHEMES, useScheme, type Scheme } from '@/lib/color-scheme';
import { useSession } from '@/lib/session';

import { texts } from './texts';

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

/** The name of a button that opens LookChoices. */
export function useLookLabel(): string {
  const t = useText(texts);
  return `${t('language')}, ${t('scheme')}`;
}
