import { Box, Button } from '@mui/material';
import type { FormEvent, ReactNode } from 'react';

import { FormError } from '@/components/form-error';

interface Props {
  action: string;
  error: unknown;
  isBusy: boolean;
  onSend: () => void;
  children: ReactNode;
}

/** Fields, what went wrong, and one button. What was typed stays. */
export function Form({ action, error, isBusy, onSend, children }: Props) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) onSend();
  };
  return (
    <Box component="form" noValidate onSubmit={submit} sx={{ display: 'grid', gap: 4 }}>
      {children}
      <div aria-live="polite"><FormError error={error} /></div>
      <Button type="submit" variant="contained" size="large" loading={isBusy} fullWidth>{action}</Button>
    </Box>
  );
}
