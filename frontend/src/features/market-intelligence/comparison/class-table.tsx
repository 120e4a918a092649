import { DataTable, type Column } from '@/components/data-table';
import { useFormat, useText } from '@/i18n/text';

import { useClassName, useLevelName, useModelName } from '../names';
import type { ByClass } from '../types';
import { useMargin } from './model-table';
import { texts } from './texts';

/** Where series behave alike: which model, and how much better than the baseline. */
export function ClassTable({ rows }: { rows: readonly ByClass[] }) {
  const t = useText(texts);
  const format = useFormat();
  const model = useModelName();
  const behaviour = useClassName();
  const level = useLevelName();
  const margin = useMargin();
  const write = (value: number | null) => (value === null ? '–' : format.number(value));
  const columns: Column<ByClass>[] = [
    { key: 'level', label: t('level'), value: (row) => level(row.level) },
    { key: 'class', label: t('seriesClass'), value: (row) => behaviour(row.series_class) },
    { key: 'series', label: t('series'), kind: 'number', value: (row) => row.series },
    { key: 'model', label: t('model'), value: (row) => model(row.model), render: (row) => <bdi>{model(row.model)}</bdi> },
    { key: 'mase', label: t('mase'), kind: 'number', value: (row) => row.mase, render: (row) => write(row.mase) },
    { key: 'baseline', label: t('baselineMase'), kind: 'number', value: (row) => row.baseline_mase, render: (row) => write(row.baseline_mase) },
    { key: 'margin', label: t('margin'), kind: 'number', value: (row) => row.margin, render: (row) => margin(row.margin) },
  ];
  return <DataTable label={t('classes')} columns={columns} rows={rows} rowKey={(row) => `${row.level} ${row.series_class} ${row.model}`} isPlain={rows.length < 8} fileName="omnix-models-by-class" />;
}
