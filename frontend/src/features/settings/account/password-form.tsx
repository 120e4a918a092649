import { Box, Button } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';

import { answer, api } from '@/api/client';
import { fieldsOf } from '@/components/form-error';
import { FormField } from '@/components/form-field';
import { useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { FormMessage } from '../form-message';
import { StrengthMeter } from './strength';
import { texts } from './texts';

/** Changes the password; what was typed stays when it is refused. */
export function PasswordForm({ email, name }: { email: string; name: string }) {
  const t = useText(texts);
  const [currentPassword, setCurrent] = useState('');
  const [newPassword, setNew] = useState('');
  const change = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/auth/change-password', { body: { currentPassword, newPassword } })),
    onSuccess: () => {
      setCurrent('');
      setNew('');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  const said = change.isSuccess && newPassword === '' ? t('passwordChanged') : undefined;
  return (
    <Box component="form" onSubmit={submit} noValidate sx={{ display: 'grid', gap: 4, maxWidth: layout.form }}>
      <input type="text" name="username" value={email} autoComplete="username" readOnly hidden />
      <FormField label={t('currentPassword')} type="password" value={currentPassword} onChange={setCurrent} autoComplete="current-password" required
        error={fieldsOf(change.error).currentPassword} />
      <Box>
        <FormField label={t('newPassword')} type="password" value={newPassword} onChange={setNew} autoComplete="new-password" required
          helperText={t('newPasswordHelp')} error={fieldsOf(change.error).newPassword} />
        <StrengthMeter password={newPassword} email={email} name={name} />
      </Box>
      <FormMessage error={change.error} said={said} />
      <Box>
        <Button type="submit" variant="contained" disabled={currentPassword === '' || newPassword === ''} loading={change.isPending}>{t('changePassword')}</Button>
      </Box>
    </Box>
  );
}
