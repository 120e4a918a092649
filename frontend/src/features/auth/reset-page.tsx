import { Button, Link as TextLink } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';

import { answer, api } from '@/api/client';
import { fieldsOf } from '@/components/form-error';
import { useText } from '@/i18n/text';

import { AuthFrame } from './auth-frame';
import { Form } from './form';
import { LinkMissing } from './link-missing';
import { NewPassword } from './new-password';
import { texts } from './texts';
import { useLinkToken } from './use-link-token';

/** Choose a password by a link: a forgotten one, or the first one of an invited person. */
export default function ResetPage() {
  const t = useText(texts);
  const token = useLinkToken();
  const [newPassword, setNewPassword] = useState('');
  const reset = useMutation({ mutationFn: () => answer(api.POST('/api/v1/auth/reset-password', { body: { token, newPassword } })) });
  if (token === '') return <LinkMissing />;
  if (reset.isSuccess) {
    return (
      <AuthFrame title={t('resetDone')} text={t('resetDoneText')}>
        <Button variant="contained" size="large" component={Link} to="/sign-in">{t('toSignIn')}</Button>
      </AuthFrame>
    );
  }
  const fields = fieldsOf(reset.error);
  return (
    <AuthFrame title={t('resetTitle')} text={t('resetText')} foot={<TextLink component={Link} to="/forgot-password">{t('sendLink')}</TextLink>}>
      <Form action={t('savePassword')} error={reset.error} isBusy={reset.isPending} onSend={() => reset.mutate()}>
        <NewPassword label={t('newPassword')} value={newPassword} onChange={setNewPassword} error={fields.newPassword ?? fields.password} />
      </Form>
    </AuthFrame>
  );
}
