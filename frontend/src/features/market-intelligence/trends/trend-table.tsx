import { Typography } from '@mui/material';

import { DataTable, type Column } from '@/components/data-table';
import { useFormat, useText } from '@/i18n/text';

import { usePlaceName } from '../names';
import type { Trend } from '../types';
import { useAmountsOf } from '../use-amounts';
import { useSaid } from '../said/use-said';
import { texts } from './texts';
import { useChance, useSigned, useTypeName } from './words';

type Share = 'growth_rate' | 'growth_year' | 'cagr' | 'momentum';

/** Where each part is going: growth against comparable periods, drift, season, and how sure. */
export function TrendTable({ rows }: { rows: readonly Trend[] }) {
  const t = useText(texts);
  const format = useFormat();
  const said = useSaid();
  const place = usePlaceName();
  const type = useTypeName();
  const amounts = useAmountsOf();
  const chance = useChance();
  const signed = useSigned();
  const named = (row: Trend) => place({ level: row.level, item: row.item, name: row.name });
  const share = (key: Share, label: string, isOptional = false): Column<Trend> => ({ key, label, kind: 'number', isOptional, value: (row) => row[key] ?? null, render: (row) => <bdi>{signed(row[key])}</bdi> });
  const strength = (key: 'season_weekly' | 'season_yearly', label: string): Column<Trend> => ({ key, label, kind: 'number', isOptional: true, value: (row) => row[key] ?? null, render: (row) => (typeof row[key] === 'number' ? format.percent(row[key], 0) : '–') });
  const drift = (row: Trend) => (typeof row.momentum === 'number' ? t('momentumRange', { value: signed(row.momentum), lower: signed(row.momentum_lower), upper: signed(row.momentum_upper) }) : '–');
  const columns: Column<Trend>[] = [
    { key: 'what', label: t('what'), value: named, render: (row) => <bdi>{named(row)}</bdi> },
    { key: 'type', label: t('type'), value: (row) => type(row.trend_type) },
    { key: 'value', label: t('value'), kind: 'number', value: (row) => row.metric_value, render: (row) => amounts(row.metric_name, row.currency).exact(row.metric_value) },
    share('growth_rate', t('growth28')),
    share('growth_year', t('growthYear')),
    { ...share('momentum', t('momentum')), render: (row) => <bdi>{drift(row)}</bdi> },
    share('cagr', t('cagr'), true),
    strength('season_weekly', t('weekly')),
    strength('season_yearly', t('yearly')),
    { key: 'stationary', label: t('steady'), isOptional: true, value: (row) => row.stationary ?? null },
    { key: 'chance', label: t('chance'), value: (row) => row.q_value, render: (row) => chance(row.q_value) },
    { key: 'reason', label: t('reason'), isOptional: true, value: (row) => said(row.reason_said, row.reason), render: (row) => <Typography variant="caption" component="span" dir="auto">{said(row.reason_said, row.reason)}</Typography> },
  ];
  return <DataTable label={t('all')} columns={columns} rows={rows} rowKey={(row) => `${row.level} ${row.item} ${row.metric_name} ${row.trend_type} ${row.trend_date}`} sortBy={{ key: 'value', isDown: true }} empty={{ text: t('none') }} isPlain={rows.length < 4} fileName="omnix-trends" maxHeight={520} />;
}
