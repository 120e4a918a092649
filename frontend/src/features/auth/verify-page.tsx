import { Box, Button, CircularProgress } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';

import { answer, api } from '@/api/client';
import { OfflineError } from '@/api/problem';
import { fieldsOf } from '@/components/form-error';
import { FormField } from '@/components/form-field';
import { useText } from '@/i18n/text';
import { useSession } from '@/lib/session';

import { AuthFrame } from './auth-frame';
import { Form } from './form';
import { LinkMissing } from './link-missing';
import { MailSent } from './mail-sent';
import { texts } from './texts';
import { useLinkToken } from './use-link-token';

/** The link did not work: a new one for the same address. */
function AskAgain() {
  const t = useText(texts);
  const [email, setEmail] = useState('');
  const ask = () => answer(api.POST('/api/v1/auth/resend-verification', { body: { email } }));
  const resend = useMutation({ mutationFn: ask });
  if (resend.isSuccess) return <MailSent email={email} onAgain={ask} onOther={() => resend.reset()} />;
  return (
    <AuthFrame title={t('verifyFailed')} text={t('verifyFailedText')}>
      <Form action={t('sendAgain')} error={resend.error} isBusy={resend.isPending} onSend={() => resend.mutate()}>
        <FormField label={t('email')} type="email" name="email" autoComplete="username" value={email} onChange={setEmail} error={fieldsOf(resend.error).email} />
      </Form>
    </AuthFrame>
  );
}

/** A link works once, and effects may run twice. */
function useVerify(token: string) {
  const verify = useMutation({ mutationFn: () => answer(api.POST('/api/v1/auth/verify-email', { body: { token } })) });
  const isAsked = useRef(false);
  const { mutate } = verify;
  useEffect(() => {
    if (token === '' || isAsked.current) return;
    isAsked.current = true;
    mutate();
  }, [token, mutate]);
  return verify;
}

/** Confirms the address of a registration, or a new address, by the link of the mail. */
export default function VerifyPage() {
  const t = useText(texts);
  const token = useLinkToken();
  const { state } = useSession();
  const verify = useVerify(token);
  if (token === '') return <LinkMissing />;
  if (verify.isSuccess) {
    const isIn = state === 'signed-in';
    return (
      <AuthFrame title={t('verified')} text={isIn ? undefined : t('verifiedText')}>
        <Button variant="contained" size="large" component={Link} to={isIn ? '/' : '/sign-in'}>{t(isIn ? 'toDashboard' : 'signIn')}</Button>
      </AuthFrame>
    );
  }
  if (verify.error instanceof OfflineError) {
    return (
      <AuthFrame title={t('verifyTitle')}>
        <Form action={t('continue')} error={verify.error} isBusy={verify.isPending} onSend={() => verify.mutate()}>{null}</Form>
      </AuthFrame>
    );
  }
  if (verify.isError) return <AskAgain />;
  return (
    <AuthFrame title={t('verifyTitle')}>
      <Box sx={{ display: 'grid', placeItems: 'center', py: 6 }}><CircularProgress aria-label={t('verifyTitle')} /></Box>
    </AuthFrame>
  );
}
