import { Alert, Box, Button, Checkbox, Dialog, DialogActions, DialogContent, DialogTitle, FormControlLabel, MenuItem, TextField, Typography } from '@mui/material';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';

import { answer, api } from '@/api/client';
import type { ApiKey, Permission } from '@/api/types';
import { CopyField } from '@/components/copy-field';
import { fieldsOf } from '@/components/form-error';
import { FormField } from '@/components/form-field';
import { useLocalText, useText } from '@/i18n/text';
import { useSession } from '@/lib/session';
import { mono } from '@/theme/tokens';

import { FormMessage } from '../form-message';
import { isScope, SCOPES } from './scopes';
import { texts } from './texts';

const SPANS = [30, 90, 365, 0] as const;
const DAY = 86_400_000;

function Made({ made, onClose }: { made: ApiKey; onClose: () => void }) {
  const t = useText(texts);
  return (
    <>
      <DialogContent sx={{ display: 'grid', gap: 4 }}>
        <Alert severity="warning">{t('keyMadeText')}</Alert>
        <CopyField value={made.key ?? ''} label={t('keyShown')} />
      </DialogContent>
      <DialogActions sx={{ p: 4 }}><Button variant="contained" onClick={onClose}>{t('done')}</Button></DialogActions>
    </>
  );
}

function Scopes({ chosen, onToggle }: { chosen: ReadonlySet<Permission>; onToggle: (scope: Permission) => void }) {
  const t = useText(texts);
  const local = useLocalText();
  const { profile } = useSession();
  return (
    <Box component="fieldset" sx={{ border: 0, m: 0, p: 0, minWidth: 0 }}>
      <Typography component="legend" variant="body2" sx={{ fontWeight: 500, mb: 1, p: 0 }}>{t('scopes')}</Typography>
      {(profile?.permissions ?? []).filter(isScope).map((scope) => (
        <FormControlLabel
          key={scope}
          sx={{ display: 'flex', alignItems: 'flex-start', mx: 0, py: 0.5 }}
          control={<Checkbox size="small" checked={chosen.has(scope)} onChange={() => onToggle(scope)} sx={{ ml: -2, p: 2 }} />}
          label={
            <Box sx={{ pt: 1.5 }}>
              <Typography variant="body2">{local(SCOPES[scope])}</Typography>
              <Typography component="div" color="text.secondary" dir="ltr" sx={{ fontFamily: mono, fontSize: 'caption.fontSize', textAlign: 'start' }}>{scope}</Typography>
            </Box>
          }
        />
      ))}
    </Box>
  );
}

function useCreate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; scopes: string[]; expiresAt?: string }) => answer(api.POST('/api/v1/user/api-keys', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['api-keys'] }),
  });
}

function toggled(chosen: ReadonlySet<Permission>, scope: Permission): ReadonlySet<Permission> {
  const next = new Set(chosen);
  if (!next.delete(scope)) next.add(scope);
  return next;
}

/** Asks for a name, scopes and a term; then shows the key this once. */
export function NewKey({ onClose }: { onClose: () => void }) {
  const t = useText(texts);
  const id = useId();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<Permission>>(new Set());
  const [span, setSpan] = useState<number>(90);
  const create = useCreate();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const expiry = span > 0 ? { expiresAt: new Date(Date.now() + span * DAY).toISOString() } : {};
    create.mutate({ name: name.trim(), scopes: [...chosen], ...expiry });
  };
  const made = create.data;
  return (
    <Dialog open onClose={made ? undefined : onClose} aria-labelledby={id} fullWidth maxWidth="sm">
      <Box component="form" noValidate onSubmit={submit} sx={{ display: 'contents' }}>
      <DialogTitle id={id} variant="h2">{t(made ? 'keyMade' : 'newKey')}</DialogTitle>
      {made && <Made made={made} onClose={onClose} />}
      {!made && (
        <>
          <DialogContent sx={{ display: 'grid', gap: 5 }}>
            <FormField label={t('keyName')} value={name} onChange={setName} helperText={t('keyNameHelp')} error={fieldsOf(create.error).name} autoFocus autoComplete="off" />
            <TextField select label={t('expires')} value={span} onChange={(event) => setSpan(Number(event.target.value))}>
              {SPANS.map((days) => <MenuItem key={days} value={days}>{days === 0 ? t('forever') : t('days', { count: days })}</MenuItem>)}
            </TextField>
            <Scopes chosen={chosen} onToggle={(scope) => setChosen(toggled(chosen, scope))} />
            <FormMessage error={create.error} />
          </DialogContent>
          <DialogActions sx={{ p: 4 }}>
            <Button color="inherit" onClick={onClose}>{t('cancel')}</Button>
            <Button type="submit" variant="contained" disabled={name.trim() === '' || chosen.size === 0} loading={create.isPending}>{t('create')}</Button>
          </DialogActions>
        </>
      )}
      </Box>
    </Dialog>
  );
}
