import { Button } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { answer, api } from '@/api/client';
import type { Session } from '@/api/types';
import { fieldsOf } from '@/components/form-error';
import { FormField } from '@/components/form-field';
import { useText } from '@/i18n/text';
import { useSession } from '@/lib/session';

import { AuthFrame } from './auth-frame';
import { Form } from './form';
import { texts } from './texts';

/** The second step of a sign-in: a code of the app, or a recovery code. */
export function TwoFactorStep({ challenge, onStartOver }: { challenge: string; onStartOver: () => void }) {
  const t = useText(texts);
  const { enter } = useSession();
  const [code, setCode] = useState('');
  const [isRecovery, setRecovery] = useState(false);
  const check = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/auth/two-factor', { body: { challenge, code: code.trim(), cookie: true } })),
    onSuccess: (found) => enter(found as Session),
  });
  const other = () => {
    setRecovery(!isRecovery);
    setCode('');
    check.reset();
  };
  return (
    <AuthFrame title={t('twoFactorTitle')} text={t(isRecovery ? 'recoveryText' : 'twoFactorText')} foot={<Button size="small" onClick={onStartOver}>{t('startOver')}</Button>}>
      <Form action={t('continue')} error={check.error} isBusy={check.isPending || check.isSuccess} onSend={() => check.mutate()}>
        <FormField
          key={String(isRecovery)} label={t(isRecovery ? 'recoveryCode' : 'code')} name="code" dir="ltr" autoFocus
          autoComplete={isRecovery ? 'off' : 'one-time-code'} slotProps={{ htmlInput: { inputMode: isRecovery ? 'text' : 'numeric', maxLength: 32 } }}
          value={code} onChange={setCode} error={fieldsOf(check.error).code}
        />
      </Form>
      <Button onClick={other}>{t(isRecovery ? 'authenticator' : 'recovery')}</Button>
    </AuthFrame>
  );
}
