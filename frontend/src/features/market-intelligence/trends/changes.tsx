import { DataTable, type Column } from '@/components/data-table';
import { useFormat, useText } from '@/i18n/text';

import { useMetricName, usePlaceName } from '../names';
import type { LevelChange } from '../types';
import { useAmountsOf } from '../use-amounts';
import { texts } from './texts';

/** From here on a change may be chance. */
const LEVEL = 0.05;

/** Days from which on the level differs from before. */
export function Changes({ rows, currency }: { rows: readonly LevelChange[]; currency: string | null | undefined }) {
  const t = useText(texts);
  const format = useFormat();
  const place = usePlaceName();
  const metric = useMetricName();
  const amounts = useAmountsOf(currency);
  const sure = (q: number | null) => (q === null ? '–' : t(q < LEVEL ? 'sureYes' : 'sureNo', { q: q < 0.001 ? '< 0.001' : format.number(q, 3) }));
  const signed = (share: number | null) => (share === null ? '–' : `${share > 0 ? '+' : ''}${format.percent(share)}`);
  const named = (row: LevelChange) => place({ level: row.level, item: row.item, name: row.name ?? null });
  const columns: Column<LevelChange>[] = [
    { key: 'what', label: t('what'), value: named, render: (row) => <bdi>{named(row)}</bdi> },
    { key: 'metric', label: t('metric'), value: (row) => metric(row.metric) },
    { key: 'on', label: t('on'), value: (row) => row.changed_on, render: (row) => <bdi>{format.date(row.changed_on)}</bdi> },
    { key: 'change', label: t('change'), kind: 'number', value: (row) => row.change, render: (row) => <bdi>{signed(row.change)}</bdi> },
    { key: 'before', label: t('before'), kind: 'number', value: (row) => row.before, render: (row) => amounts(row.metric).expected(row.before) },
    { key: 'after', label: t('after'), kind: 'number', value: (row) => row.after, render: (row) => amounts(row.metric).expected(row.after) },
    { key: 'sure', label: t('sure'), value: (row) => row.q_value, render: (row) => sure(row.q_value) },
  ];
  return <DataTable label={t('changes')} columns={columns} rows={rows} rowKey={(row) => `${row.level} ${row.item} ${row.metric} ${row.changed_on}`} sortBy={{ key: 'on', isDown: true }} isPlain={rows.length < 8} empty={{ text: t('changesNone') }} fileName="omnix-changes-of-level" />;
}
