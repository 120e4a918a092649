import { Link } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link as RouterLink } from 'react-router';

import { answer, api } from '@/api/client';
import { fieldsOf } from '@/components/form-error';
import { FormField } from '@/components/form-field';
import { useLanguage, useText } from '@/i18n/text';

import { AuthFrame } from './auth-frame';
import { Form } from './form';
import { MailSent } from './mail-sent';
import { NewPassword } from './new-password';
import { texts } from './texts';

const resend = (email: string) => answer(api.POST('/api/v1/auth/resend-verification', { body: { email } }));

/** Ask for an account; a mail confirms the address. */
export default function RegisterPage() {
  const t = useText(texts);
  const { language } = useLanguage();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const register = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/auth/register', { body: { name, email, password, language } })),
  });
  if (register.isSuccess) return <MailSent email={email} onAgain={() => resend(email)} onOther={() => register.reset()} />;
  const fields = fieldsOf(register.error);
  const foot = (
    <>{t('haveAccount')} <Link component={RouterLink} to="/sign-in">{t('signIn')}</Link></>
  );
  return (
    <AuthFrame title={t('registerTitle')} text={t('registerText')} foot={foot}>
      <Form action={t('createAccount')} error={register.error} isBusy={register.isPending} onSend={() => register.mutate()}>
        <FormField label={t('name')} name="name" autoComplete="name" value={name} onChange={setName} error={fields.name} autoFocus />
        <FormField label={t('email')} type="email" name="email" autoComplete="username" value={email} onChange={setEmail} error={fields.email} />
        <NewPassword label={t('password')} value={password} onChange={setPassword} error={fields.password} email={email} name={name} />
      </Form>
    </AuthFrame>
  );
}
