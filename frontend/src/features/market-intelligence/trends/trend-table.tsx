import { DataTable, type Column } from '@/components/data-table';
import { useFormat, useText } from '@/i18n/text';

import { useMetricName, usePlaceName } from '../names';
import type { Trend } from '../types';
import { useAmountsOf } from '../use-amounts';
import { texts } from './texts';

/** All trends of the time asked for. */
export function TrendTable({ rows, currency }: { rows: readonly Trend[]; currency: string | null | undefined }) {
  const t = useText(texts);
  const format = useFormat();
  const place = usePlaceName();
  const metric = useMetricName();
  const amounts = useAmountsOf(currency);
  const named = (row: Trend) => place({ level: row.level, item: row.item, name: row.name ?? null });
  const columns: Column<Trend>[] = [
    { key: 'what', label: t('what'), value: named, render: (row) => <bdi>{named(row)}</bdi> },
    { key: 'metric', label: t('metric'), value: (row) => metric(row.metric_name) },
    { key: 'date', label: t('date'), value: (row) => row.trend_date, render: (row) => <bdi>{format.date(row.trend_date)}</bdi> },
    { key: 'type', label: t('type'), value: (row) => row.trend_type },
    { key: 'value', label: t('value'), kind: 'number', value: (row) => row.metric_value, render: (row) => amounts(row.metric_name).exact(row.metric_value) },
    { key: 'growth', label: t('growth'), kind: 'number', value: (row) => row.growth_rate, render: (row) => (row.growth_rate === null ? '–' : <bdi>{`${row.growth_rate > 0 ? '+' : ''}${format.percent(row.growth_rate)}`}</bdi>) },
  ];
  return <DataTable label={t('all')} columns={columns} rows={rows} rowKey={(row) => `${row.level} ${row.item} ${row.metric_name} ${row.trend_type} ${row.trend_date}`} sortBy={{ key: 'date', isDown: true }} empty={{ text: t('none') }} fileName="omnix-trends" maxHeight={480} />;
}
