import { Alert, Box, Button, Checkbox, Dialog, DialogActions, DialogContent, DialogTitle, FormControlLabel, MenuItem, Radio, RadioGroup, TextField, Typography } from '@mui/material';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';

import { answer, api } from '@/api/client';
import { catalogQuery } from '@/api/queries';
import { FormError } from '@/components/form-error';
import { useText } from '@/i18n/text';

import { texts } from './texts';

interface Option {
  value: string;
  label: string;
  about: string;
}

function Choice({ label, value, options, onChange }: { label: string; value: string; options: readonly Option[]; onChange: (value: string) => void }) {
  const id = useId();
  return (
    <Box>
      <Typography id={id} variant="body2" sx={{ fontWeight: 600, mb: 1 }}>{label}</Typography>
      <RadioGroup aria-labelledby={id} value={value} onChange={(_, next) => onChange(next)}>
        {options.map((option) => (
          <FormControlLabel key={option.value} value={option.value} control={<Radio size="small" sx={{ ml: -2 }} />} sx={{ alignItems: 'flex-start', mx: 0, py: 1 }}
            label={<Box sx={{ pt: 1.5 }}><Typography variant="body2">{option.label}</Typography><Typography variant="caption" color="text.secondary" component="div">{option.about}</Typography></Box>} />
        ))}
      </RadioGroup>
    </Box>
  );
}

function Tick({ isOn, onToggle, label, about }: { isOn: boolean; onToggle: (isOn: boolean) => void; label: string; about?: string }) {
  return (
    <FormControlLabel sx={{ alignItems: 'flex-start', mx: 0 }} control={<Checkbox size="small" checked={isOn} onChange={(_, next) => onToggle(next)} sx={{ ml: -2 }} />}
      label={<Box sx={{ pt: 1.5 }}><Typography variant="body2">{label}</Typography>{about && <Typography variant="caption" color="text.secondary" component="div">{about}</Typography>}</Box>} />
  );
}

function SystemSelect({ value, onChange }: { value: string; onChange: (system: string) => void }) {
  const t = useText(texts);
  const { data } = useQuery(catalogQuery);
  const systems = data?.systems.filter((system) => system.enabled) ?? [];
  return (
    <TextField select label={t('system')} value={systems.some((system) => system.name === value) ? value : ''} onChange={(event) => onChange(event.target.value)} disabled={data === undefined}>
      {systems.map((system) => <MenuItem key={system.name} value={system.name} dir="auto">{system.title}</MenuItem>)}
    </TextField>
  );
}

function useBegin(onClose: () => void) {
  const navigate = useNavigate();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { system?: string; full: boolean; ingest: boolean }) => answer(api.POST('/api/v1/runs', { body })),
    onSuccess: ({ run_id }) => {
      void client.invalidateQueries({ queryKey: ['runs'] });
      onClose();
      void navigate(`/runs/${run_id}`);
    },
  });
}

/** Asks what to bring up to date and how, then starts it. `system`: chosen beforehand. */
export function StartRun({ onClose, system: given = '' }: { onClose: () => void; system?: string }) {
  const t = useText(texts);
  const id = useId();
  const [what, setWhat] = useState(given === '' ? 'all' : 'system');
  const [system, setSystem] = useState(given);
  const [how, setHow] = useState('changed');
  const [isSure, setSure] = useState(false);
  const [ingest, setIngest] = useState(true);
  const begin = useBegin(onClose);
  const full = how === 'full';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    begin.mutate({ full, ingest, ...(what === 'system' && { system }) });
  };
  const isReady = (what === 'all' || system !== '') && (!full || isSure);
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} fullWidth maxWidth="sm">
      <Box component="form" noValidate onSubmit={submit} sx={{ display: 'contents' }}>
      <DialogTitle id={id} variant="h2">{t('start')}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 5 }}>
        <Choice label={t('what')} value={what} onChange={setWhat}
          options={[{ value: 'all', label: t('everything'), about: t('everythingAbout') }, { value: 'system', label: t('oneSystem'), about: t('oneSystemAbout') }]} />
        {what === 'system' && <SystemSelect value={system} onChange={setSystem} />}
        <Choice label={t('how')} value={how} onChange={setHow}
          options={[{ value: 'changed', label: t('changed'), about: t('changedAbout') }, { value: 'full', label: t('full'), about: t('fullAbout') }]} />
        {full && <Alert severity="warning" icon={false}><Tick isOn={isSure} onToggle={setSure} label={t('fullSure')} /></Alert>}
        <Tick isOn={ingest} onToggle={setIngest} label={t('ingest')} about={t('ingestAbout')} />
        <FormError error={begin.error} />
      </DialogContent>
      <DialogActions sx={{ p: 4 }}>
        <Button color="inherit" onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" variant="contained" disabled={!isReady} loading={begin.isPending}>{t(full ? 'beginFull' : 'begin')}</Button>
      </DialogActions>
      </Box>
    </Dialog>
  );
}
