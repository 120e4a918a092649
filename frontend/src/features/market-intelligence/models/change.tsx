import { Alert, Box, Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle } from '@mui/material';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ArrowUpToLine, History } from 'lucide-react';
import { useId, useState } from 'react';

import { FormError } from '@/components/form-error';
import { FormField } from '@/components/form-field';
import { Section } from '@/components/section';
import { useText } from '@/i18n/text';

import { useModelTitle } from '../names';
import { promote, rollBack } from '../queries';
import type { ModelDetail } from '../types';
import { texts } from './texts';

type Act = 'promote' | 'rollBack';

interface DialogProps {
  act: Act | null;
  model: ModelDetail;
  isBusy: boolean;
  error: unknown;
  onConfirm: (reason: string) => void;
  onClose: () => void;
}

function Confirm({ act, model, isBusy, error, onConfirm, onClose }: DialogProps) {
  const t = useText(texts);
  const id = useId();
  const title = useModelTitle();
  const [reason, setReason] = useState('');
  const isBack = act === 'rollBack';
  const version = isBack ? (model.champion?.version ?? '') : (model.challenger?.version ?? '');
  return (
    <Dialog open={act !== null} onClose={isBusy ? undefined : onClose} aria-labelledby={id} fullWidth maxWidth="xs">
      <DialogTitle id={id} variant="h2">{isBack ? t('rollBackTitle') : t('promoteTitle', { version })}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 4 }}>
        <DialogContentText variant="body2">{isBack ? t('rollBackText', { version }) : t('promoteText', { model: title(model) })}</DialogContentText>
        {isBack && <FormField label={t('why')} value={reason} onChange={setReason} helperText={t('whyHelp')} autoComplete="off" slotProps={{ htmlInput: { maxLength: 500 } }} />}
        <FormError error={error} />
      </DialogContent>
      <DialogActions sx={{ p: 4 }}>
        <Button color="inherit" onClick={onClose} disabled={isBusy}>{t('cancel')}</Button>
        <Button variant="contained" loading={isBusy} onClick={() => onConfirm(reason.trim())}>{t(isBack ? 'confirmRollBack' : 'confirmPromote')}</Button>
      </DialogActions>
    </Dialog>
  );
}

/** Letting the version that waits answer, or going back to the one before. */
export function ChangeSection({ model }: { model: ModelDetail }) {
  const t = useText(texts);
  const client = useQueryClient();
  const [act, setAct] = useState<Act | null>(null);
  const { mutate, data, variables, error, isPending, reset } = useMutation({
    mutationFn: ({ act: wanted, reason }: { act: Act; reason: string }) =>
      wanted === 'promote' ? promote({ name: model.name, version: model.challenger?.version ?? '' }) : rollBack({ name: model.name, reason: reason === '' ? t('noReason') : reason }),
    onSuccess: async () => {
      setAct(null);
      await client.invalidateQueries({ predicate: (query) => ['models', 'market-intelligence'].includes(String(query.queryKey[0])) });
    },
  });
  const begin = (wanted: Act) => () => {
    reset();
    setAct(wanted);
  };
  // Without a version before it there is nothing to go back to.
  const canGoBack = model.champion !== null && model.all.some((version) => version.state === 'former champion');
  return (
    <Section title={t('change')} about={t('changeAbout')}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
        {model.challenger && <Button variant="contained" startIcon={<ArrowUpToLine size={16} aria-hidden />} onClick={begin('promote')}>{t('promote', { version: model.challenger.version })}</Button>}
        <Button variant="outlined" startIcon={<History size={16} aria-hidden />} disabled={!canGoBack} onClick={begin('rollBack')}>{t('rollBack')}</Button>
      </Box>
      {data && <Alert severity="success" role="status" sx={{ mt: 4 }}>{t(variables?.act === 'rollBack' ? 'rolledBackTo' : 'promoted', { version: data.version })}</Alert>}
      <Confirm key={act} act={act} model={model} isBusy={isPending} error={error} onConfirm={(reason) => act !== null && mutate({ act, reason })} onClose={() => setAct(null)} />
    </Section>
  );
}
