import { Alert, Box, Button, Chip, FormControlLabel, Switch, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Blocks, Plus } from 'lucide-react';
import { Link, useLocation } from 'react-router';

import { EmptyState } from '@/components/empty-state';
import { ErrorState } from '@/components/error-state';
import { FormError } from '@/components/form-error';
import { Section } from '@/components/section';
import { useText } from '@/i18n/text';
import { useCan } from '@/lib/session';

import { SettingsPage } from '../frame';
import { RowsSkeleton } from '../rows-skeleton';
import { systemsQuery, useSwitch, type PlannedTable, type System } from './systems-queries';
import { texts } from './texts';

function TableRow({ table, isLinked }: { table: PlannedTable; isLinked: boolean }) {
  const t = useText(texts);
  return (
    <Box component="li" sx={{ py: 2, borderTop: 1, borderColor: 'divider' }}>
      <Typography variant="body2" component="div" sx={{ fontWeight: 500 }}>
        {isLinked ? <Box component={Link} to={`/data/${table.name}`} sx={{ color: 'primary.main' }}><bdi>{table.name}</bdi></Box> : <bdi>{table.name}</bdi>}
      </Typography>
      <Typography variant="caption" color="text.secondary" component="div" dir="auto">{table.description}</Typography>
      {table.inputs.length > 0 && <Typography variant="caption" color="text.secondary" component="div">{t('reads', { tables: table.inputs.join(', ') })}</Typography>}
      {table.error && <Typography variant="caption" color="error.main" component="div" dir="auto">{table.error} {table.step}</Typography>}
    </Box>
  );
}

function SystemCard({ system }: { system: System }) {
  const t = useText(texts);
  const can = useCan();
  const change = useSwitch();
  // The switch shows what was asked for until the service has answered.
  const isOn = change.isPending ? change.variables.enabled : system.enabled;
  const control = (
    <FormControlLabel
      control={<Switch checked={isOn} disabled={!can('systems:manage') || change.isPending} onChange={(_, enabled) => change.mutate({ name: system.name, enabled })} slotProps={{ input: { 'aria-label': t('switchOf', { title: system.title }) } }} />}
      label={<Typography variant="body2">{t(isOn ? 'on' : 'off')}</Typography>}
      sx={{ mx: 0 }}
    />
  );
  const about = [system.description, system.enabled ? '' : t('switchedOff')].filter(Boolean).join(' ');
  return (
    <Section title={system.title} about={about === '' ? undefined : <span dir="auto">{about}</span>} actions={control}>
      <FormError error={change.error} />
      {(!system.ok || system.error) && <Chip size="small" label={t('broken')} sx={{ bgcolor: 'tint.danger', color: 'error.main', mb: 2 }} />}
      {system.error && <Typography variant="body2" color="error.main" dir="auto">{system.error}</Typography>}
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {system.tables.map((table) => <TableRow key={table.name} table={table} isLinked={system.enabled && table.error === null} />)}
      </Box>
    </Section>
  );
}

function Registered() {
  const t = useText(texts);
  const can = useCan();
  const { state } = useLocation() as { state: { registered?: string } | null };
  if (!state?.registered) return null;
  const action = can('runs:start') && <Button size="small" color="inherit" component={Link} to={`/runs?start=${state.registered}`}>{t('startRun')}</Button>;
  return <Alert severity="success" role="status" action={action || undefined}>{t('registered')}</Alert>;
}

/** Systems that were declared in SQL: what they hold, on or off. */
export default function SystemsPage() {
  const t = useText(texts);
  const can = useCan();
  const { data, error, refetch } = useQuery(systemsQuery);
  const canRegister = can('systems:manage');
  const register = canRegister && <Button variant="contained" component={Link} to="/settings/systems/new" startIcon={<Plus size={18} aria-hidden />}>{t('newSystem')}</Button>;
  return (
    <SettingsPage title={t('systems')} answer={t('systemsAnswer')} actions={register || undefined}>
      <Registered />
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <RowsSkeleton rows={4} />}
      {data?.data.length === 0 && (
        <Section><EmptyState icon={Blocks} title={t('noSystems')} text={t('noSystemsText')} action={canRegister ? { label: t('newSystem'), to: '/settings/systems/new' } : undefined} isCompact /></Section>
      )}
      {data?.data.map((system) => <SystemCard key={system.name} system={system} />)}
    </SettingsPage>
  );
}
