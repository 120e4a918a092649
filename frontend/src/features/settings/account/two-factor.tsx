import { Box, Button } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';

import { answer, api } from '@/api/client';
import { Section } from '@/components/section';
import { useText } from '@/i18n/text';
import { useSession } from '@/lib/session';

import { FormMessage } from '../form-message';
import { ProveDialog } from './prove-dialog';
import { RecoveryCodes } from './recovery-codes';
import { texts } from './texts';
import { TwoFactorSetup } from './two-factor-setup';

function useTurned() {
  const { profile, update } = useSession();
  return (twoFactorEnabled: boolean) => profile && update({ ...profile, twoFactorEnabled });
}

function TurnOn({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const t = useText(texts);
  const begin = useMutation({ mutationFn: () => answer(api.POST('/api/v1/user/two-factor')) });
  if (begin.data) return <TwoFactorSetup setup={begin.data} onCodes={onCodes} onCancel={() => begin.reset()} />;
  return (
    <Box sx={{ display: 'grid', gap: 4, justifyItems: 'start' }}>
      <FormMessage error={begin.error} />
      <Button variant="contained" startIcon={<ShieldCheck size={18} aria-hidden />} loading={begin.isPending} onClick={() => begin.mutate()}>{t('turnOn')}</Button>
    </Box>
  );
}

function TurnedOn({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const t = useText(texts);
  const turned = useTurned();
  const [asked, setAsked] = useState<'codes' | 'off' | null>(null);
  const close = () => setAsked(null);
  const renew = async ({ password }: { password: string }) => {
    const { recoveryCodes } = await answer(api.POST('/api/v1/user/two-factor/recovery-codes', { body: { password } }));
    onCodes(recoveryCodes);
  };
  const disable = async (proof: { password: string; code: string }) => {
    await answer(api.POST('/api/v1/user/two-factor/disable', { body: proof }));
    turned(false);
  };
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
      <Button variant="outlined" onClick={() => setAsked('codes')}>{t('newCodes')}</Button>
      <Button variant="outlined" color="error" onClick={() => setAsked('off')}>{t('turnOff')}</Button>
      {asked === 'codes' && <ProveDialog title={t('newCodesTitle')} text={t('newCodesText')} action={t('makeNew')} onProve={renew} onClose={close} />}
      {asked === 'off' && <ProveDialog title={t('turnOffTitle')} text={t('turnOffText')} action={t('turnOff')} hasCode isDangerous onProve={disable} onClose={close} />}
    </Box>
  );
}

/** Two-factor sign-in: set up, renew the recovery codes, turn off. */
export function TwoFactor({ isOn }: { isOn: boolean }) {
  const t = useText(texts);
  const turned = useTurned();
  const [codes, setCodes] = useState<string[] | null>(null);
  if (codes !== null) {
    const stored = () => {
      setCodes(null);
      turned(true);
    };
    return <Section title={t('codesTitle')}><RecoveryCodes codes={codes} onStored={stored} /></Section>;
  }
  return (
    <Section title={t('twoFactor')} about={t(isOn ? 'twoFactorOn' : 'twoFactorOff')}>
      {isOn ? <TurnedOn onCodes={setCodes} /> : <TurnOn onCodes={setCodes} />}
    </Section>
  );
}
