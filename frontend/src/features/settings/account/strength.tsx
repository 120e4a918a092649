import { Box, Typography } from '@mui/material';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { answer, api } from '@/api/client';
import { useText } from '@/i18n/text';

import { texts } from './texts';

const PAUSE = 400;
const WORDS = ['strength0', 'strength1', 'strength2', 'strength3', 'strength4'] as const;
const COLORS = ['error.main', 'error.main', 'warning.main', 'success.main', 'success.main'] as const;

/** The value once it has not changed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** How hard a password is to guess, as the service judges it. */
export function StrengthMeter({ password, email, name }: { password: string; email: string; name: string }) {
  const t = useText(texts);
  const settled = useSettled(password);
  const { data } = useQuery({
    // A password is not kept longer than it is asked about.
    queryKey: ['password-strength', settled],
    queryFn: ({ signal }) => answer(api.POST('/api/v1/auth/password-strength', { body: { password: settled, email, name }, signal })),
    enabled: settled !== '',
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  if (password === '' || data === undefined) return null;
  const score = Math.max(0, Math.min(4, data.score)) as 0 | 1 | 2 | 3 | 4;
  const advice = [data.warning, ...data.suggestions].filter(Boolean).join(' ');
  return (
    <Box sx={{ mt: 2, display: 'grid', gap: 1 }}>
      <Box aria-hidden sx={{ display: 'grid', gridTemplateColumns: 'repeat(4, 1fr)', gap: 1 }}>
        {[1, 2, 3, 4].map((step) => <Box key={step} sx={{ height: 4, borderRadius: 1, bgcolor: step <= Math.max(score, 1) ? COLORS[score] : 'divider' }} />)}
      </Box>
      <Typography variant="caption" role="status" dir="auto">
        {t('strength', { words: t(WORDS[score]) })}{advice !== '' && <Box component="span" sx={{ color: 'text.secondary' }}> {advice}</Box>}
      </Typography>
    </Box>
  );
}
