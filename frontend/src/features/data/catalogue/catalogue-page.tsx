import { Box, Button, Card, Skeleton } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Database, SearchX, Workflow } from 'lucide-react';
import { Link } from 'react-router';

import { catalogQuery } from '@/api/queries';
import type { Catalog, CatalogTable } from '@/api/types';
import { CopyField } from '@/components/copy-field';
import { EmptyState } from '@/components/empty-state';
import { ErrorState } from '@/components/error-state';
import { FilterBar, type FilterGroup } from '@/components/filter-bar';
import { Page } from '@/components/page';
import { Section } from '@/components/section';
import { useText } from '@/i18n/text';
import { useCan } from '@/lib/session';

import { texts } from '../texts';
import { countsOf, groupsOf, useChoice, type Choice } from './choice';
import { SystemMarks, TableList } from './table-list';

/** The catalogue in one sentence. */
function useAnswer(tables: readonly CatalogTable[]): string {
  const t = useText(texts);
  const all = tables.length;
  const built = tables.filter((table) => table.version !== null).length;
  const ailing = tables.filter((table) => ['warning', 'failed'].includes(table.health.state));
  const [first] = ailing;
  if (built === 0 && ailing.length === 0) return t('nothingBuilt', { count: all });
  if (ailing.length === 1 && first) return t('someAilingOne', { good: all - 1, all, name: first.name });
  if (ailing.length > 1) return t('someAilingMany', { good: all - ailing.length, all, count: ailing.length });
  return built < all ? t('someWaiting', { good: built, all }) : t('allHealthy', { count: all });
}

function useGroups({ systems, tables }: Catalog, choice: Choice, choose: (change: Partial<Choice>) => void): FilterGroup[] {
  const t = useText(texts);
  const group = (key: 'system' | 'layer' | 'health', label: string, values: readonly [string, string][]): FilterGroup => {
    const counts = countsOf(tables, choice, key);
    const options = values.filter(([value]) => counts.has(value) || choice[key] === value).map(([value, name]) => ({ value, label: name, count: counts.get(value) ?? 0 }));
    return { key, label, options, value: choice[key], onChange: (value) => choose({ [key]: value }) };
  };
  return [
    group('system', t('system'), systems.map((system) => [system.name, system.title])),
    group('layer', t('layer'), [['raw', t('raw')], ['curated', t('curated')], ['analytics', t('analytics')]]),
    group('health', t('health'), [['ok', t('ok')], ['warning', t('warning')], ['failed', t('failed')], ['empty', t('empty')]]),
  ];
}

function Teach() {
  const t = useText(texts);
  const can = useCan();
  return (
    <Card>
      <EmptyState
        icon={Database}
        title={t('teachTitle')}
        text={<>{t('teach')}<Box sx={{ mt: 4, width: 280, maxWidth: 1, mx: 'auto', textAlign: 'start' }}><CopyField value="omnix run" label={t('runCommand')} /></Box></>}
        action={can('runs:start') ? { label: t('startRun'), to: '/runs' } : undefined}
      />
    </Card>
  );
}

function Groups({ catalog, choice, choose }: { catalog: Catalog; choice: Choice; choose: (change: Partial<Choice>) => void }) {
  const t = useText(texts);
  const groups = groupsOf(catalog, choice);
  if (groups.length === 0) {
    const clear = () => choose({ words: '', system: '', layer: '', health: '' });
    return <Card><EmptyState icon={SearchX} title={t('noTableTitle')} text={t('noTable')} action={{ label: t('clearFilters'), onClick: clear }} /></Card>;
  }
  return groups.map(({ system, tables }) => (
    <Section key={system.name} title={system.title} about={<span dir="auto">{system.about}</span>} isFlush
      actions={system.registered || !system.enabled ? <SystemMarks isRegistered={system.registered} isEnabled={system.enabled} /> : undefined}>
      <TableList tables={tables} label={system.title} />
    </Section>
  ));
}

function Waiting() {
  return (
    <>
      <Skeleton height={36} sx={{ maxWidth: 560 }} />
      <Card sx={{ p: 5, display: 'grid', gap: 4 }}>
        <Skeleton width="30%" height={20} />
        {Array.from({ length: 8 }, (_, row) => <Skeleton key={row} height={48} />)}
      </Card>
    </>
  );
}

function Content({ catalog }: { catalog: Catalog }) {
  const t = useText(texts);
  const [choice, choose] = useChoice();
  const answer = useAnswer(catalog.tables);
  const groups = useGroups(catalog, choice, choose);
  const isBuilt = catalog.tables.some((table) => table.version !== null);
  const search = { label: t('searchTables'), value: choice.words, onChange: (words: string) => choose({ words }) };
  const lineage = <Button variant="outlined" component={Link} to="/data/lineage" startIcon={<Workflow size={16} aria-hidden />}>{t('lineage')}</Button>;
  return (
    <Page title={t('data')} answer={answer} actions={lineage} chips={<FilterBar groups={groups} search={search} />}>
      {!isBuilt && <Teach />}
      <Groups catalog={catalog} choice={choice} choose={choose} />
    </Page>
  );
}

/** All tables by system: what one row is, how many, how fresh, how good. */
export default function CataloguePage() {
  const t = useText(texts);
  const { data, error, refetch } = useQuery(catalogQuery);
  if (data) return <Content catalog={data} />;
  return <Page title={t('data')}>{error ? <Card><ErrorState error={error} onRetry={() => void refetch()} /></Card> : <Waiting />}</Page>;
}
