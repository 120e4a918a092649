import { Alert, Box, Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle, Link as MuiLink, Typography } from '@mui/material';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { FileUp, RotateCcw } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { Link } from 'react-router';

import { ApiError } from '@/api/problem';
import type { Replayed } from '@/api/types';
import { Section } from '@/components/section';
import { useText } from '@/i18n/text';
import { useCan } from '@/lib/session';

import { replay, type Wanted } from '../queries';
import { texts } from '../texts';
import { inspect, type Corrections } from './corrections';

/** What is about to be sent: a file of corrections, or nothing but the wish to judge again. */
type Draft = { file: File; corrections: Corrections } | 'as they are';

function useReplay(table: string, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: Draft) => replay(table, draft === 'as they are' ? null : draft.file),
    onSuccess: async () => {
      onDone();
      // Everything that is shown may have been built anew.
      await client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'profile' });
    },
  });
}

function Steps() {
  const t = useText(texts);
  const can = useCan();
  const steps = [can('tables:export') && can('tables:personal') ? t('stepDownload') : t('stepObtain'), t('stepCorrect'), t('stepUpload')];
  return (
    <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 3, gridTemplateColumns: { md: 'repeat(3, 1fr)' } }}>
      {steps.map((step, index) => (
        <Box component="li" key={step} sx={{ display: 'flex', gap: 3, alignItems: 'flex-start' }}>
          <Box aria-hidden sx={{ width: 24, height: 24, borderRadius: '50%', bgcolor: 'surface.sunken', display: 'grid', placeItems: 'center', typography: 'caption', fontWeight: 600, flexShrink: 0 }}>{index + 1}</Box>
          <Typography variant="body2">{step}</Typography>
        </Box>
      ))}
    </Box>
  );
}

interface ConfirmProps {
  draft: Draft | null;
  table: string;
  isBusy: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

function Confirm({ draft, table, isBusy, onConfirm, onClose }: ConfirmProps) {
  const t = useText(texts);
  const id = useId();
  const isPlain = draft === 'as they are';
  return (
    <Dialog open={draft !== null} onClose={isBusy ? undefined : onClose} aria-labelledby={id} fullWidth maxWidth="xs">
      <DialogTitle id={id} variant="h2">{isPlain ? t('confirmAgain', { table }) : t('confirmCorrected', { count: draft === null ? 0 : draft.corrections.rows })}</DialogTitle>
      <DialogContent>
        <DialogContentText variant="body2" component="div">
          {!isPlain && draft !== null && <p>{t('confirmFile', { file: draft.file.name, columns: draft.corrections.columns.join(', ') })}</p>}
          <p>{t('confirmWhat', { table })}</p>
        </DialogContentText>
      </DialogContent>
      <DialogActions sx={{ p: 4 }}>
        <Button color="inherit" onClick={onClose} disabled={isBusy}>{t('cancel')}</Button>
        <Button variant="contained" onClick={onConfirm} loading={isBusy}>{isPlain ? t('judgeAgain') : t('sendCorrections')}</Button>
      </DialogActions>
    </Dialog>
  );
}

function Result({ done, table }: { done: Replayed; table: string }) {
  const t = useText(texts);
  const can = useCan();
  const failed = done.failed ?? [];
  return (
    <Alert severity={failed.length > 0 ? 'warning' : done.replayed > 0 ? 'success' : 'info'} role="status">
      <Typography variant="body2" sx={{ fontWeight: 600 }}>{done.replayed > 0 ? t('cameBack', { count: done.replayed, table }) : t('noneCameBack', { table })}</Typography>
      <Typography variant="body2">{[done.corrected > 0 ? t('takenIn', { count: done.corrected }) : '', t('stillAside', { count: done.still_quarantined })].filter(Boolean).join(' ')}</Typography>
      {failed.map((each) => <Typography key={each.table} variant="body2" dir="auto">{each.table}: {each.message}</Typography>)}
      {done.run_id && can('runs:read') && <MuiLink component={Link} to={`/runs/${encodeURIComponent(done.run_id)}`} variant="body2">{t('openRun')}</MuiLink>}
    </Alert>
  );
}

function Failure({ error }: { error: Error }) {
  return (
    <Alert severity="error" role="alert">
      <Typography variant="body2" dir="auto" sx={{ fontWeight: 600 }}>{error.message}</Typography>
      {error instanceof ApiError && error.step !== '' && <Typography variant="body2" dir="auto">{error.step}</Typography>}
    </Alert>
  );
}

/** The way back for rows: corrected in a file and sent, or judged again as they are. */
export function ReplaySection({ wanted: { table } }: { wanted: Wanted }) {
  const t = useText(texts);
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [complaint, setComplaint] = useState('');
  const close = () => {
    setDraft(null);
    if (input.current) input.current.value = '';
  };
  const { mutate, isPending, data, error, reset } = useReplay(table, close);
  const choose = async (file: File | undefined) => {
    if (file === undefined) return;
    reset();
    const found = inspect(await file.text());
    setComplaint('fault' in found ? t(found.fault) : '');
    if ('fault' in found) close();
    else setDraft({ file, corrections: found });
  };
  return (
    <Section title={t('bringBack')} about={t('bringBackAbout')}>
      <Steps />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, mt: 5 }}>
        <input ref={input} type="file" accept=".csv,text/csv" hidden aria-label={t('chooseFile')} onChange={(event) => void choose(event.target.files?.[0])} />
        <Button variant="contained" startIcon={<FileUp size={16} aria-hidden />} onClick={() => input.current?.click()}>{t('chooseFile')}</Button>
        <Button variant="outlined" startIcon={<RotateCcw size={16} aria-hidden />} onClick={() => { reset(); setComplaint(''); setDraft('as they are'); }}>{t('judgeAgain')}</Button>
      </Box>
      <Box sx={{ mt: 4, display: 'grid', gap: 3, '&:empty': { display: 'none' } }}>
        {complaint !== '' && <Alert severity="error" role="alert">{complaint}</Alert>}
        {error && draft === null && <Failure error={error} />}
        {data && <Result done={data} table={table} />}
      </Box>
      <Confirm draft={draft} table={table} isBusy={isPending} onConfirm={() => draft !== null && mutate(draft, { onError: close })} onClose={close} />
    </Section>
  );
}
