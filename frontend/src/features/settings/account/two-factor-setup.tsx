import { Box, Button, Typography } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';

import type { Answer } from '@/api/types';
import { answer, api } from '@/api/client';
import { CopyField } from '@/components/copy-field';
import { fieldsOf } from '@/components/form-error';
import { FormField } from '@/components/form-field';
import { useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { FormMessage } from '../form-message';
import { texts } from './texts';

interface Props {
  setup: Answer<'/api/v1/user/two-factor', 'post'>;
  onCodes: (codes: string[]) => void;
  onCancel: () => void;
}

function Picture({ setup }: Pick<Props, 'setup'>) {
  const t = useText(texts);
  return (
    <Box sx={{ display: 'grid', gap: 3 }}>
      <Typography variant="body2">{t('scan')}</Typography>
      {/* White around it in both themes: a camera needs the contrast. */}
      <Box component="img" alt={t('scanAlt')} src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(setup.qrSvg)}`}
        sx={{ width: 200, height: 200, p: 3, borderRadius: 1, bgcolor: 'common.white', border: 1, borderColor: 'divider' }} />
      <Typography variant="body2" color="text.secondary">{t('orType')}</Typography>
      <CopyField value={setup.secret} label={t('secret')} />
    </Box>
  );
}

/** Pairs an authenticator app: picture, secret, first code. */
export function TwoFactorSetup({ setup, onCodes, onCancel }: Props) {
  const t = useText(texts);
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/user/two-factor/confirm', { body: { code: code.replaceAll(/\s/g, '') } })),
    onSuccess: ({ recoveryCodes }) => onCodes(recoveryCodes),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate();
  };
  return (
    <Box component="form" onSubmit={submit} noValidate sx={{ display: 'grid', gap: 5, maxWidth: layout.form }}>
      <Picture setup={setup} />
      <Box sx={{ display: 'grid', gap: 3 }}>
        <Typography variant="body2">{t('enterCode')}</Typography>
        <FormField label={t('code')} value={code} onChange={setCode} autoComplete="one-time-code" dir="ltr" slotProps={{ htmlInput: { inputMode: 'numeric' } }} error={fieldsOf(confirm.error).code} />
        <FormMessage error={confirm.error} />
      </Box>
      <Box sx={{ display: 'flex', gap: 2 }}>
        <Button type="submit" variant="contained" disabled={code.trim().length < 6} loading={confirm.isPending}>{t('confirm')}</Button>
        <Button color="inherit" onClick={onCancel}>{t('cancel')}</Button>
      </Box>
    </Box>
  );
}
