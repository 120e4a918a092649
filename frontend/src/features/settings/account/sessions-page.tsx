import { Box, Button, Chip, Skeleton, Typography } from '@mui/material';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Monitor, Smartphone } from 'lucide-react';

import { answer, api } from '@/api/client';
import type { DeviceSession } from '@/api/types';
import { ErrorState } from '@/components/error-state';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { FormMessage } from '../form-message';
import { SettingsPage } from '../frame';
import { deviceOf } from './device';
import { texts } from './texts';

const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/user/sessions', { signal })),
});

const end = (id: string) => answer(api.DELETE('/api/v1/user/sessions/{id}', { params: { path: { id } } }));

function useEnd() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[]) => Promise.all(ids.map(end)),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}

function useDevice() {
  const t = useText(texts);
  return (session: DeviceSession) => {
    if (!session.agent) return t('unknownDevice');
    const { browser, system } = deviceOf(session.agent);
    return system === undefined ? browser : t('browserOn', { browser, system });
  };
}

function SessionRow({ session, onEnd, isBusy }: { session: DeviceSession; onEnd: () => void; isBusy: boolean }) {
  const t = useText(texts);
  const format = useFormat();
  const device = useDevice()(session);
  const Icon = /iPhone|Android|Mobile/.test(session.agent ?? '') ? Smartphone : Monitor;
  const facts = [t('lastUsed', { ago: format.ago(session.lastUsedAt) }), t('since', { at: format.moment(session.createdAt) })];
  return (
    <Box component="li" sx={{ display: 'flex', alignItems: 'center', gap: 3, py: 3, borderTop: 1, borderColor: 'divider', '&:first-of-type': { borderTop: 0, pt: 0 } }}>
      <Box sx={{ color: 'text.muted', display: 'grid' }}><Icon size={20} strokeWidth={1.75} aria-hidden /></Box>
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Typography variant="body2" component="div" sx={{ fontWeight: 500, display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center' }}>
          <bdi>{device}</bdi>
          {session.current && <Chip size="small" label={t('thisOne')} sx={{ bgcolor: 'tint.success', color: 'success.main' }} />}
        </Typography>
        <Typography variant="caption" color="text.secondary" component="div">
          {facts.join(' · ')}{session.address && <> · <bdi>{session.address}</bdi></>}
        </Typography>
      </Box>
      {!session.current && <Button size="small" variant="outlined" aria-label={t('endOf', { device })} disabled={isBusy} onClick={onEnd}>{t('end')}</Button>}
    </Box>
  );
}

function Sessions({ sessions }: { sessions: readonly DeviceSession[] }) {
  const t = useText(texts);
  const ending = useEnd();
  const others = sessions.filter((session) => !session.current).map((session) => session.id);
  const said = ending.isSuccess ? t(ending.variables.length > 1 ? 'endedAll' : 'ended') : undefined;
  const endOthers = others.length > 1 && (
    <Button size="small" variant="outlined" color="error" loading={ending.isPending} onClick={() => ending.mutate(others)}>{t('endOthers', { count: others.length })}</Button>
  );
  return (
    <Section title={t('sessionsList')} actions={endOthers || undefined}>
      <FormMessage error={ending.error} said={said} />
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, mt: said || ending.error ? 4 : 0 }}>
        {sessions.map((session) => <SessionRow key={session.id} session={session} isBusy={ending.isPending} onEnd={() => ending.mutate([session.id])} />)}
      </Box>
    </Section>
  );
}

/** Where the account is signed in, and how to end that. */
export default function SessionsPage() {
  const t = useText(texts);
  const { data, error, refetch } = useQuery(sessionsQuery);
  return (
    <SettingsPage title={t('sessions')} answer={data && t('sessionsAnswer', { count: data.data.length })}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && <Sessions sessions={data.data} />}
      {!data && !error && <Section title={t('sessionsList')}>{[1, 2].map((row) => <Skeleton key={row} height={layout.row} sx={{ mb: 2 }} />)}</Section>}
    </SettingsPage>
  );
}
