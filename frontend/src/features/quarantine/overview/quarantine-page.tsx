import { Box, Button, Card, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight, CircleCheck, SearchX } from 'lucide-react';
import { Link, useSearchParams } from 'react-router';

import type { QuarantineGroup } from '@/api/types';
import { useAmount } from '@/components/amount';
import { EmptyState } from '@/components/empty-state';
import { ErrorState } from '@/components/error-state';
import { FilterBar, type FilterGroup } from '@/components/filter-bar';
import { KpiCard, KpiSkeleton } from '@/components/kpi-card';
import { KpiRow, Page } from '@/components/page';
import { RuleList } from '@/components/rule-list';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';

import { byTable, isError, moneyOf, type TableCount } from '../counts';
import { quarantineQuery } from '../queries';
import { texts } from '../texts';

function useAnswer(tables: readonly TableCount[]): string {
  const t = useText(texts);
  const aside = tables.reduce((total, table) => total + table.aside, 0);
  const warned = tables.reduce((total, table) => total + table.warned, 0);
  const [most] = tables;
  if (most === undefined || aside === 0) return t('onlyWarned', { count: warned });
  return `${t('answer', { count: aside, tables: tables.filter((table) => table.aside > 0).length })} ${t('most', { table: most.table, count: most.aside })}`;
}

function Cards({ groups }: { groups: readonly QuarantineGroup[] }) {
  const t = useText(texts);
  const format = useFormat();
  const amount = useAmount();
  const errors = groups.filter(isError);
  const rows = (of: readonly QuarantineGroup[]) => of.reduce((total, group) => total + group.rows, 0);
  const money = moneyOf(errors);
  const note = (text: string) => <Typography variant="caption" color="text.secondary">{text}</Typography>;
  return (
    <>
      <KpiCard label={t('rowsAside')} value={format.number(rows(errors))} change={note(t('asideNote'))} />
      <KpiCard label={t('moneyAside')} value={money === null ? '–' : format.short(money / 100)} exact={money === null ? '' : amount(money)} change={note(t('moneyNote'))} />
      <KpiCard label={t('rowsWarned')} value={format.number(rows(groups) - rows(errors))} change={note(t('warnedNote'))} />
      <KpiCard label={t('rulesBroken')} value={format.number(new Set(groups.map((group) => `${group.table} ${group.rule}`)).size)} change={note(t('inTables', { count: new Set(groups.map((group) => group.table)).size }))} />
    </>
  );
}

function TableSection({ table }: { table: TableCount }) {
  const t = useText(texts);
  const amount = useAmount();
  const told = [
    table.aside > 0 ? t('tableAside', { count: table.aside }) : '',
    table.money ? t('tableMoney', { money: amount(table.money) }) : '',
    table.warned > 0 ? t('tableWarned', { count: table.warned }) : '',
  ].filter(Boolean).join(' · ');
  const arrow = <Box component="span" sx={{ display: 'grid', '[dir=rtl] &': { transform: 'scaleX(-1)' } }}><ArrowRight size={15} aria-hidden /></Box>;
  return (
    <Section
      title={table.table} about={told}
      actions={<Button size="small" variant="outlined" component={Link} to={`/quarantine/${encodeURIComponent(table.table)}`} endIcon={arrow} aria-label={t('seeRowsOf', { table: table.table })}>{t('seeRows')}</Button>}
    >
      <RuleList label={t('rulesOf', { table: table.table })} rules={table.rules} isLinked />
    </Section>
  );
}

/** What narrows the page, kept in the address. */
function useFilters(groups: readonly QuarantineGroup[]) {
  const t = useText(texts);
  const [parameters, setParameters] = useSearchParams();
  const severity = parameters.get('severity') ?? '';
  const table = parameters.get('table') ?? '';
  const set = (name: string) => (value: string) =>
    setParameters((before) => {
      const next = new URLSearchParams(before);
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    }, { replace: true });
  const rows = (of: (group: QuarantineGroup) => boolean) => groups.filter(of).reduce((total, group) => total + group.rows, 0);
  const severities = [{ value: 'error', label: t('aside'), count: rows(isError) }, { value: 'warning', label: t('warned'), count: rows((group) => !isError(group)) }];
  const tables = byTable(groups).map((each) => ({ value: each.table, label: each.table, count: each.aside + each.warned }));
  const chips: FilterGroup[] = [
    { key: 'severity', label: t('severity'), options: severities.filter((option) => option.count > 0), value: severity, onChange: set('severity') },
    { key: 'table', label: t('table'), options: tables, value: table, onChange: set('table') },
  ];
  const shown = groups.filter((group) => (severity === '' || group.severity === severity) && (table === '' || group.table === table));
  return { chips, shown, clear: () => setParameters({}, { replace: true }) };
}

function Content({ groups }: { groups: readonly QuarantineGroup[] }) {
  const t = useText(texts);
  const answer = useAnswer(byTable(groups));
  const { chips, shown, clear } = useFilters(groups);
  return (
    <Page title={t('quarantine')} answer={answer} chips={<FilterBar groups={chips} />} kpis={<Cards groups={groups} />}>
      {byTable(shown).map((table) => <TableSection key={table.table} table={table} />)}
      {shown.length === 0 && <Card><EmptyState icon={SearchX} title={t('noMatch')} action={{ label: t('clearFilters'), onClick: clear }} /></Card>}
    </Page>
  );
}

function Waiting() {
  return (
    <>
      <KpiRow>{[1, 2, 3, 4].map((card) => <KpiSkeleton key={card} />)}</KpiRow>
      {[1, 2].map((card) => <Card key={card} sx={{ p: 5, display: 'grid', gap: 4 }}><Skeleton width="20%" height={20} />{[1, 2, 3].map((row) => <Skeleton key={row} height={44} />)}</Card>)}
    </>
  );
}

/** What was set aside or warned of: by table and rule, with its money, each number leading to its rows. */
export default function QuarantinePage() {
  const t = useText(texts);
  const { data, error, refetch } = useQuery(quarantineQuery);
  if (data && data.data.length > 0) return <Content groups={data.data} />;
  return (
    <Page title={t('quarantine')}>
      {error && <Card><ErrorState error={error} onRetry={() => void refetch()} /></Card>}
      {data && <Card><EmptyState icon={CircleCheck} title={t('nothing')} text={t('nothingTeach')} action={{ label: t('toQuality'), to: '/quality' }} /></Card>}
      {!data && !error && <Waiting />}
    </Page>
  );
}
