import { Box, Typography } from '@mui/material';
import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import type { Strength } from '@/api/types';
import { FormField } from '@/components/form-field';
import { useText } from '@/i18n/text';
import { useSettled } from '@/lib/use-settled';

import { texts } from './texts';

/** After the last key (ms). */
const PAUSE = 350;
const WORDS = ['strength0', 'strength1', 'strength2', 'strength3', 'strength4'] as const;
const COLORS = ['error.main', 'error.main', 'warning.main', 'success.main', 'success.main'];

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
  /** What others may know of the person: a password made of it is easy to guess. */
  email?: string;
  name?: string;
}

function useStrength(password: string, email: string, name: string) {
  const settled = useSettled(password, PAUSE);
  return useQuery({
    queryKey: ['password-strength', settled, email, name],
    queryFn: ({ signal }) => answer(api.POST('/api/v1/auth/password-strength', { body: { password: settled, email, name }, signal })),
    enabled: settled !== '',
    // A password stays in memory no longer than its field.
    gcTime: 0,
    staleTime: Infinity,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

function Meter({ found }: { found: Strength }) {
  const t = useText(texts);
  const hint = [found.warning, ...found.suggestions].filter(Boolean).join(' ');
  return (
    <Box sx={{ mt: 2 }}>
      <Box aria-hidden sx={{ display: 'grid', gridTemplateColumns: 'repeat(4, 1fr)', gap: 1 }}>
        {[1, 2, 3, 4].map((step) => <Box key={step} sx={{ height: 4, borderRadius: 1, bgcolor: found.score >= step ? COLORS[found.score] : 'divider' }} />)}
      </Box>
      <Typography variant="caption" component="div" role="status" sx={{ mt: 1 }}>
        {t('strength')}: <strong>{t(WORDS[found.score] ?? 'strength0')}</strong>
        {!found.ok && hint !== '' && <Typography variant="caption" component="div" color="text.secondary" dir="auto">{hint}</Typography>}
      </Typography>
    </Box>
  );
}

/** A field for a new password that says how hard it is to guess. */
export function NewPassword({ label, value, onChange, error, email = '', name = '' }: Props) {
  const t = useText(texts);
  const strength = useStrength(value, email, name);
  const isJudged = value !== '' && strength.data !== undefined;
  return (
    <div>
      <FormField label={label} type="password" name="new-password" autoComplete="new-password" value={value} onChange={onChange} error={error} helperText={isJudged ? undefined : t('strengthHelp')} />
      {isJudged && strength.data && <Meter found={strength.data} />}
    </div>
  );
}
