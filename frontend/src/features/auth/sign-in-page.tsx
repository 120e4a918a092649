import { Box, Button, Link } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link as RouterLink, Navigate } from 'react-router';

import { answer, api } from '@/api/client';
import type { Session } from '@/api/types';
import { fieldsOf } from '@/components/form-error';
import { FormField } from '@/components/form-field';
import { useText } from '@/i18n/text';
import { useSession } from '@/lib/session';

import { AuthFrame } from './auth-frame';
import { Form } from './form';
import { texts } from './texts';
import { TwoFactorStep } from './two-factor-step';
import { useNext } from './use-next';

function useSignIn(email: string, password: string, onChallenge: (challenge: string) => void) {
  const { enter } = useSession();
  return useMutation({
    mutationFn: () => answer(api.POST('/api/v1/auth/login', { body: { email, password, cookie: true } })),
    onSuccess: (found) => (found.twoFactorRequired ? onChallenge(found.challenge ?? '') : enter(found as Session)),
  });
}

/** Sign in: e-mail and password, then a code where two-factor is on. */
export default function SignInPage() {
  const t = useText(texts);
  const next = useNext();
  const { state } = useSession();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [challenge, setChallenge] = useState<string | null>(null);
  const signIn = useSignIn(email, password, setChallenge);
  if (state === 'signed-in') return <Navigate to={next} replace />;
  if (challenge !== null) return <TwoFactorStep challenge={challenge} onStartOver={() => setChallenge(null)} />;
  const foot = (
    <>{t('noAccount')} <Link component={RouterLink} to="/register">{t('createAccount')}</Link></>
  );
  return (
    <AuthFrame title={t('signInTo')} text={t('signInText')} foot={foot}>
      <Form action={t('signIn')} error={signIn.error} isBusy={signIn.isPending || signIn.isSuccess} onSend={() => signIn.mutate()}>
        <FormField label={t('email')} type="email" name="email" autoComplete="username" value={email} onChange={setEmail} error={fieldsOf(signIn.error).email} autoFocus />
        <Box sx={{ position: 'relative' }}>
          <FormField label={t('password')} type="password" name="password" autoComplete="current-password" value={password} onChange={setPassword} error={fieldsOf(signIn.error).password} />
          <Button component={RouterLink} to="/forgot-password" size="small" sx={{ position: 'absolute', top: -6, insetInlineEnd: 0, minHeight: 0, px: 1, py: 1 }}>{t('forgot')}</Button>
        </Box>
      </Form>
    </AuthFrame>
  );
}
