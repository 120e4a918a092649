import { Typography } from '@mui/material';

import { DataTable, type Column } from '@/components/data-table';
import { useFormat, useText } from '@/i18n/text';

import { usePlaceName } from '../names';
import type { LevelChange } from '../types';
import { useAmountsOf } from '../use-amounts';
import { useSaid } from '../said/use-said';
import { texts } from './texts';
import { useChance, useSigned } from './words';

/** Days from which on the level or its growth differs from before. */
export function Changes({ rows }: { rows: readonly LevelChange[] }) {
  const t = useText(texts);
  const format = useFormat();
  const said = useSaid();
  const place = usePlaceName();
  const amounts = useAmountsOf();
  const chance = useChance();
  const signed = useSigned();
  const named = (row: LevelChange) => place({ level: row.level, item: row.item, name: row.name });
  const kind = (row: LevelChange) => (row.kind === 'growth' ? t('kindGrowth') : t('kindLevel'));
  const side = (row: LevelChange, value: number | null) => {
    if (row.kind !== 'growth' || value === null) return amounts(row.metric, row.currency).expected(value);
    return <bdi>{t('aYear', { share: signed(value) })}</bdi>;
  };
  const size = ({ kind: of, change }: LevelChange) => (of === 'growth' && change !== null ? t('factor', { factor: format.number(1 + change, 2) }) : signed(change));
  const columns: Column<LevelChange>[] = [
    { key: 'what', label: t('what'), value: named, render: (row) => <bdi>{named(row)}</bdi> },
    { key: 'on', label: t('on'), value: (row) => row.changed_on, render: (row) => <bdi>{format.date(row.changed_on)}</bdi> },
    { key: 'kind', label: t('kind'), value: kind },
    { key: 'change', label: t('change'), kind: 'number', value: (row) => row.change, render: (row) => <bdi>{size(row)}</bdi> },
    { key: 'before', label: t('before'), kind: 'number', value: (row) => row.before, render: (row) => side(row, row.before) },
    { key: 'after', label: t('after'), kind: 'number', value: (row) => row.after, render: (row) => side(row, row.after) },
    { key: 'chance', label: t('chance'), value: (row) => row.q_value, render: (row) => chance(row.q_value) },
    { key: 'reason', label: t('reason'), isOptional: true, value: (row) => said(row.reason_said, row.reason), render: (row) => <Typography variant="caption" component="span" dir="auto">{said(row.reason_said, row.reason)}</Typography> },
  ];
  return <DataTable label={t('changes')} columns={columns} rows={rows} rowKey={(row) => `${row.level} ${row.item} ${row.changed_on} ${row.kind}`} sortBy={{ key: 'on', isDown: true }} isPlain={rows.length < 8} empty={{ text: t('changesNone') }} fileName="omnix-changes" maxHeight={420} />;
}
