import { Link } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link as RouterLink } from 'react-router';

import { answer, api } from '@/api/client';
import { fieldsOf } from '@/components/form-error';
import { FormField } from '@/components/form-field';
import { useText } from '@/i18n/text';

import { AuthFrame } from './auth-frame';
import { Form } from './form';
import { MailSent } from './mail-sent';
import { texts } from './texts';

/** Ask for a link to a new password. */
export default function ForgotPage() {
  const t = useText(texts);
  const [email, setEmail] = useState('');
  const ask = () => answer(api.POST('/api/v1/auth/forgot-password', { body: { email } }));
  const forgot = useMutation({ mutationFn: ask });
  if (forgot.isSuccess) return <MailSent email={email} onAgain={ask} onOther={() => forgot.reset()} />;
  return (
    <AuthFrame title={t('forgotTitle')} text={t('forgotText')} foot={<Link component={RouterLink} to="/sign-in">{t('toSignIn')}</Link>}>
      <Form action={t('sendLink')} error={forgot.error} isBusy={forgot.isPending} onSend={() => forgot.mutate()}>
        <FormField label={t('email')} type="email" name="email" autoComplete="username" value={email} onChange={setEmail} error={fieldsOf(forgot.error).email} autoFocus />
      </Form>
    </AuthFrame>
  );
}
