import { Chip, Typography } from '@mui/material';

import { DataTable, type Column } from '@/components/data-table';
import { useFormat, useText } from '@/i18n/text';

import type { Priced } from '../types';
import { useSaid } from '../said/use-said';
import { texts, type Texts } from './texts';

const POSITIONS = ['budget', 'value', 'market', 'premium', 'luxury'] as const satisfies readonly (keyof Texts)[];
const SAME = 0.05;

/** A place in the market in words. */
export function usePosition(): (position: string | null) => string {
  const t = useText(texts);
  return (position) => {
    const known = POSITIONS.find((each) => each === position);
    return known ? t(known) : (position ?? '–');
  };
}

function useGap(): (row: Priced) => string {
  const t = useText(texts);
  const format = useFormat();
  return ({ price_difference_pct: percent }) => {
    if (percent === null) return '–';
    if (Math.abs(percent) < SAME) return t('gapSame');
    return t(percent > 0 ? 'gapMore' : 'gapLess', { share: format.percent(Math.abs(percent) / 100) });
  };
}

function useSuggestion(): (row: Priced) => string {
  const t = useText(texts);
  const format = useFormat();
  return ({ action, suggested_price, currency }) => {
    if (action === 'hold') return t('hold');
    if ((action !== 'lower' && action !== 'raise') || suggested_price === null) return t('nothing');
    return t(action, { price: format.measure(suggested_price, 'cents', { currency }) });
  };
}

const nameOf = (row: Priced) => row.product_name ?? row.product_id;

/** Our price beside each competitor's, with what is suggested and why. */
export function PriceTable({ rows, onRow }: { rows: readonly Priced[]; onRow: (row: Priced) => void }) {
  const t = useText(texts);
  const format = useFormat();
  const position = usePosition();
  const gap = useGap();
  const said = useSaid();
  const suggestion = useSuggestion();
  const price = (key: 'competitor_price' | 'our_price' | 'floor_price', label: string): Column<Priced> => ({
    key, label, kind: 'number', value: (row) => (row[key] === null ? null : row[key] / 100), render: (row) => (row[key] === null ? '–' : format.measure(row[key], 'cents', { currency: row.currency })),
  });
  const columns: Column<Priced>[] = [
    { key: 'product', label: t('product'), value: nameOf, render: (row) => <bdi>{nameOf(row)}</bdi> },
    { key: 'competitor', label: t('competitor'), value: (row) => row.competitor_name, render: (row) => <bdi>{row.competitor_name}</bdi> },
    price('our_price', t('ours')),
    price('competitor_price', t('theirs')),
    { key: 'gap', label: t('gap'), kind: 'number', value: (row) => row.price_difference_pct, render: gap },
    { key: 'suggestion', label: t('suggestion'), value: suggestion, render: (row) => <strong>{suggestion(row)}</strong> },
    { key: 'reason', label: t('reason'), value: (row) => said(row.reason_said, row.reason), render: (row) => <Typography variant="caption" component="span" dir="auto">{said(row.reason_said, row.reason)}</Typography> },
    { key: 'position', label: t('position'), value: (row) => position(row.position) },
    { key: 'position_30d', label: t('before30'), isOptional: true, value: (row) => position(row.position_30d) },
    { key: 'position_90d', label: t('before90'), isOptional: true, value: (row) => position(row.position_90d) },
    { key: 'index', label: t('indexColumn'), kind: 'number', isOptional: true, value: (row) => row.index, render: (row) => (row.index === null ? '–' : format.number(row.index, 0)) },
    { ...price('floor_price', t('floor')), isOptional: true },
    { key: 'seen', label: t('seen'), value: (row) => row.last_updated, render: (row) => <>{format.date(row.last_updated.slice(0, 10))}{row.is_stale && <Chip size="small" label={t('staleSign')} sx={{ marginInlineStart: 2 }} />}</> },
  ];
  return <DataTable label={t('list')} columns={columns} rows={rows} rowKey={(row) => `${row.product_id} ${row.competitor_name} ${row.currency}`} onRow={onRow} sortBy={{ key: 'gap', isDown: true }} fileName="omnix-competitor-prices" maxHeight={560} />;
}
