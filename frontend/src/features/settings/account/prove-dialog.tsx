import { Box, Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';

import { fieldsOf } from '@/components/form-error';
import { FormField } from '@/components/form-field';
import { useText } from '@/i18n/text';

import { FormMessage } from '../form-message';
import { texts } from './texts';

interface Proof {
  password: string;
  code: string;
}

interface Props {
  title: string;
  text: string;
  action: string;
  hasCode?: boolean;
  isDangerous?: boolean;
  onProve: (proof: Proof) => Promise<void>;
  onClose: () => void;
}

/** Asks for the password, and a code where it takes both, before something that weakens or renews protection. */
export function ProveDialog({ title, text, action, hasCode = false, isDangerous = false, onProve, onClose }: Props) {
  const t = useText(texts);
  const id = useId();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const prove = useMutation({ mutationFn: () => onProve({ password, code: code.trim() }), onSuccess: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    prove.mutate();
  };
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} fullWidth maxWidth="xs">
      <Box component="form" noValidate onSubmit={submit} sx={{ display: 'contents' }}>
      <DialogTitle id={id} variant="h2">{title}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 4 }}>
        <DialogContentText variant="body2">{text}</DialogContentText>
        <FormField label={t('password')} type="password" value={password} onChange={setPassword} autoComplete="current-password" autoFocus error={fieldsOf(prove.error).password} />
        {hasCode && <FormField label={t('codeOrRecovery')} value={code} onChange={setCode} autoComplete="one-time-code" dir="ltr" error={fieldsOf(prove.error).code} />}
        <FormMessage error={prove.error} />
      </DialogContent>
      <DialogActions sx={{ p: 4 }}>
        <Button color="inherit" onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" variant="contained" color={isDangerous ? 'error' : 'primary'} disabled={password === '' || (hasCode && code.trim() === '')} loading={prove.isPending}>{action}</Button>
      </DialogActions>
      </Box>
    </Dialog>
  );
}
