import { useQuery } from '@tanstack/react-query';

import { ChartFrame } from '@/components/chart-frame';
import { LineChart, type Line } from '@/components/charts';
import { useFormat, useText } from '@/i18n/text';

import { pricingQuery } from '../queries';
import type { Priced, Pricing } from '../types';
import { useSaid } from '../said/use-said';
import { texts } from './texts';

/** Competitors whose lines can be told apart. */
const MOST = 6;

function useLines(data: Pricing | undefined, row: Priced): Line[] {
  const t = useText(texts);
  const seen = (data?.history ?? []).filter((point) => point.currency === row.currency);
  const days = [...new Set(seen.map((point) => point.date))].sort();
  const names = [...new Set(seen.map((point) => point.competitor_name))].slice(0, MOST);
  const theirs = names.map((name) => ({ name, points: seen.filter((point) => point.competitor_name === name).map((point) => ({ date: point.date, value: point.competitor_price })) }));
  const ours = row.our_price;
  return ours === null ? theirs : [{ name: t('ourLine'), points: days.map((date) => ({ date, value: ours })), kind: 'expected' }, ...theirs];
}

/** What each competitor asked for a product over time. */
export function PriceCourse({ row }: { row: Priced }) {
  const t = useText(texts);
  const said = useSaid();
  const format = useFormat();
  const { data, error, refetch } = useQuery(pricingQuery(row.product_id));
  const lines = useLines(data, row);
  const seen = (data?.history ?? []).filter((point) => point.currency === row.currency);
  const write = (cents: number) => format.measure(cents, 'cents', { currency: row.currency });
  const summary = t('courseSummary', { count: new Set(seen.map((point) => point.competitor_name)).size });
  return (
    <ChartFrame title={t('course', { product: row.product_name ?? row.product_id })} summary={summary} definition={t('courseAbout')} provenance={data?.provenance} isPending={!data && !error} error={data ? undefined : error} onRetry={() => void refetch()} fileName={`omnix-prices-${row.product_id}`}
      tooLittle={data && seen.length === 0 ? said(data.empty_said, data.empty_because ?? '') : undefined}
      table={{ header: [t('date'), t('competitor'), t('theirs')], rows: seen.map((point) => [point.date, point.competitor_name, point.competitor_price / 100]), shown: seen.map((point) => [format.date(point.date), point.competitor_name, write(point.competitor_price)]) }}>
      <LineChart lines={lines} unit="cents" currency={row.currency} label={summary} />
    </ChartFrame>
  );
}
