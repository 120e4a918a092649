import { Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle } from '@mui/material';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';

import { answer, api } from '@/api/client';
import { FormError } from '@/components/form-error';
import { useText } from '@/i18n/text';
import { useCan } from '@/lib/session';

import { texts } from './texts';

/** Ends a run before its time, after asking. */
export function StopRun({ runId }: { runId: string }) {
  const t = useText(texts);
  const id = useId();
  const can = useCan();
  const client = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const stop = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/runs/{run_id}/stop', { params: { path: { run_id: runId } } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['runs'] });
      setAsked(false);
    },
  });
  if (!can('runs:start')) return null;
  return (
    <>
      <Button variant="outlined" color="error" onClick={() => setAsked(true)}>{t('stop')}</Button>
      <Dialog open={isAsked} onClose={() => setAsked(false)} aria-labelledby={id} maxWidth="xs">
        <DialogTitle id={id} variant="h2">{t('stopTitle')}</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 4 }}>
          <DialogContentText variant="body2">{t('stopText')}</DialogContentText>
          <FormError error={stop.error} />
        </DialogContent>
        <DialogActions sx={{ p: 4 }}>
          <Button color="inherit" onClick={() => setAsked(false)}>{t('goOn')}</Button>
          <Button variant="contained" color="error" loading={stop.isPending} onClick={() => stop.mutate()}>{t('stop')}</Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
