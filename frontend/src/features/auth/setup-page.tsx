import { Button } from '@mui/material';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, Navigate } from 'react-router';

import { answer, api } from '@/api/client';
import type { Session } from '@/api/types';
import { fieldsOf } from '@/components/form-error';
import { FormField } from '@/components/form-field';
import { useLanguage, useText } from '@/i18n/text';
import { useSession } from '@/lib/session';

import { AuthFrame } from './auth-frame';
import { Form } from './form';
import { LinkMissing } from './link-missing';
import { NewPassword } from './new-password';
import { texts } from './texts';
import { useLinkToken } from './use-link-token';

function useSetup(token: string) {
  const { enter } = useSession();
  const { language } = useLanguage();
  return useMutation({
    mutationFn: (person: { name: string; email: string; password: string }) =>
      answer(api.POST('/api/v1/auth/setup', { body: { token, ...person, language, cookie: true } })),
    onSuccess: (found) => enter(found as Session),
  });
}

/** The first administrator, by the link that the service printed when it started. */
export default function SetupPage() {
  const t = useText(texts);
  const token = useLinkToken();
  const { state } = useSession();
  const [person, setPerson] = useState({ name: '', email: '', password: '' });
  const needed = useQuery({ queryKey: ['setup'], queryFn: ({ signal }) => answer(api.GET('/api/v1/auth/setup', { signal })) });
  const setup = useSetup(token);
  if (state === 'signed-in') return <Navigate to="/" replace />;
  if (needed.data?.needed === false && !setup.isPending) {
    return (
      <AuthFrame title={t('setupDone')} text={t('setupDoneText')}>
        <Button variant="contained" size="large" component={Link} to="/sign-in">{t('toSignIn')}</Button>
      </AuthFrame>
    );
  }
  if (token === '') return <LinkMissing />;
  const fields = fieldsOf(setup.error);
  const set = (key: keyof typeof person) => (value: string) => setPerson({ ...person, [key]: value });
  return (
    <AuthFrame title={t('setupTitle')} text={t('setupText')}>
      <Form action={t('setupAction')} error={setup.error} isBusy={setup.isPending} onSend={() => setup.mutate(person)}>
        <FormField label={t('name')} name="name" autoComplete="name" value={person.name} onChange={set('name')} error={fields.name} autoFocus />
        <FormField label={t('email')} type="email" name="email" autoComplete="username" value={person.email} onChange={set('email')} error={fields.email} />
        <NewPassword label={t('password')} value={person.password} onChange={set('password')} error={fields.password} email={person.email} name={person.name} />
      </Form>
    </AuthFrame>
  );
}
