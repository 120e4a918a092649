import { Box, Button, Chip, Skeleton, Typography } from '@mui/material';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';

import { answer, api } from '@/api/client';
import type { ApiKey } from '@/api/types';
import { ConfirmByTyping } from '@/components/confirm-by-typing';
import { EmptyState } from '@/components/empty-state';
import { ErrorState } from '@/components/error-state';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';
import { layout, mono } from '@/theme/tokens';

import { FormMessage } from '../form-message';
import { SettingsPage } from '../frame';
import { NewKey } from './new-key';
import { texts } from './texts';

const keysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/user/api-keys', { signal })),
});

function useFacts() {
  const t = useText(texts);
  const format = useFormat();
  return (key: ApiKey) => {
    const isOver = key.expiresAt !== null && new Date(key.expiresAt) < new Date();
    const expiry = key.expiresAt === null ? t('noExpiry') : t(isOver ? 'expired' : 'expiresOn', { date: format.date(new Date(key.expiresAt)) });
    const use = key.lastUsedAt === null ? t('neverUsed') : t('used', { ago: format.ago(key.lastUsedAt) });
    return [t('made', { date: format.date(new Date(key.createdAt)) }), use, expiry].join(' · ');
  };
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const t = useText(texts);
  const facts = useFacts();
  return (
    <Box component="li" sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: 3, py: 4, borderTop: 1, borderColor: 'divider', '&:first-of-type': { borderTop: 0, pt: 0 } }}>
      <Box sx={{ flex: '1 1 240px', minWidth: 0, display: 'grid', gap: 1 }}>
        <Typography variant="h4" component="h3" dir="auto" sx={{ textAlign: 'start' }}>{apiKey.name} <Typography component="bdi" color="text.secondary" sx={{ fontFamily: mono, fontWeight: 400, fontSize: 'caption.fontSize' }}>{apiKey.prefix}…</Typography></Typography>
        <Typography variant="caption" color="text.secondary">{facts(apiKey)}</Typography>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 1 }}>
          {apiKey.scopes.map((scope) => <Chip key={scope} size="small" label={<bdi>{scope}</bdi>} sx={{ bgcolor: 'surface.sunken' }} />)}
        </Box>
      </Box>
      <Button size="small" variant="outlined" color="error" aria-label={t('revokeOf', { name: apiKey.name })} onClick={onRevoke}>{t('revoke')}</Button>
    </Box>
  );
}

function Revoke({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const t = useText(texts);
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/user/api-keys/{id}', { params: { path: { id: apiKey.id } } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keysQuery.queryKey });
      onClose();
    },
  });
  return (
    <ConfirmByTyping isOpen title={t('revokeTitle')} word={apiKey.name} action={t('revoke')} isBusy={revoke.isPending} onConfirm={() => revoke.mutate()} onClose={onClose}>
      {t('revokeText')}
      <FormMessage error={revoke.error} />
    </ConfirmByTyping>
  );
}

function Keys({ keys, onNew }: { keys: readonly ApiKey[]; onNew: () => void }) {
  const t = useText(texts);
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  if (keys.length === 0) return <Section><EmptyState icon={KeyRound} title={t('noKeys')} text={t('noKeysText')} action={{ label: t('newKey'), onClick: onNew }} isCompact /></Section>;
  return (
    <Section title={t('keysList')}>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {keys.map((key) => <KeyRow key={key.id} apiKey={key} onRevoke={() => setRevoked(key)} />)}
      </Box>
      {revoked && <Revoke apiKey={revoked} onClose={() => setRevoked(null)} />}
    </Section>
  );
}

/** The keys of programs that act in the person's name. */
export default function KeysPage() {
  const t = useText(texts);
  const [isMaking, setMaking] = useState(false);
  const { data, error, refetch } = useQuery(keysQuery);
  const make = () => setMaking(true);
  return (
    <SettingsPage title={t('keys')} answer={t('keysAnswer')} actions={<Button variant="contained" startIcon={<Plus size={18} aria-hidden />} onClick={make}>{t('newKey')}</Button>}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && <Keys keys={data.data} onNew={make} />}
      {!data && !error && <Section title={t('keysList')}>{[1, 2].map((row) => <Skeleton key={row} height={layout.row} sx={{ mb: 2 }} />)}</Section>}
      {isMaking && <NewKey onClose={() => setMaking(false)} />}
    </SettingsPage>
  );
}
