import { DataTable, type Column } from '@/components/data-table';
import { useFormat, useText } from '@/i18n/text';

import { useModelName } from '../names';
import type { Grain, Scoreboard, ScoredRow } from '../types';
import type { Amounts } from '../use-amounts';
import { texts } from './texts';

const AHEAD = { day: 'aheadDays', week: 'aheadWeeks', month: 'aheadMonths' } as const;

/** Every forecast, the newest first: those that came due and those that did not yet. */
export function ScoredTable({ data, amounts, grain }: { data: Scoreboard; amounts: Amounts; grain: Grain }) {
  const t = useText(texts);
  const format = useFormat();
  const model = useModelName();
  const kind = (row: ScoredRow) => t(row.kind === 'live' ? 'liveShort' : 'backtestShort');
  const columns: Column<ScoredRow>[] = [
    { key: 'period', label: t('period'), value: (row) => row.period, render: (row) => <bdi>{format.date(row.period)}</bdi> },
    { key: 'made_on', label: t('madeOn'), isOptional: true, value: (row) => row.made_on, render: (row) => <bdi>{format.date(row.made_on)}</bdi> },
    { key: 'ahead', label: t('ahead'), kind: 'number', value: (row) => row.ahead, render: (row) => t(AHEAD[grain], { count: row.ahead }) },
    { key: 'predicted', label: t('predicted'), kind: 'number', value: (row) => amounts.plain(row.predicted), render: (row) => amounts.expected(row.predicted) },
    { key: 'actual', label: t('happened'), kind: 'number', value: (row) => amounts.plain(row.actual), render: (row) => amounts.exact(row.actual) },
    { key: 'error', label: t('error'), kind: 'number', value: (row) => row.error_share, render: (row) => (row.error_share === null ? '–' : <bdi>{`${row.error_share > 0 ? '+' : ''}${format.percent(row.error_share)}`}</bdi>) },
    { key: 'within', label: t('within'), value: (row) => row.within_80, render: (row) => (row.within_80 === null ? '–' : t(row.within_80 ? 'inside' : 'outside')) },
    { key: 'model', label: t('model'), isOptional: true, value: (row) => model(row.model) },
    { key: 'kind', label: t('made'), value: kind },
  ];
  return <DataTable label={t('rows')} columns={columns} rows={data.rows} rowKey={(row) => `${row.kind} ${row.made_on} ${row.period}`} sortBy={{ key: 'period', isDown: true }} fileName="omnix-scoreboard" maxHeight={480} />;
}
