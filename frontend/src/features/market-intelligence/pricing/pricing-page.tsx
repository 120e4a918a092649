import { Button, Card, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Tags } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

import { PassportStamp } from '@/components/chart-tools';
import { ErrorState } from '@/components/error-state';
import { KpiCard, KpiSkeleton } from '@/components/kpi-card';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { MarketPage } from '../frame';
import { NothingYet } from '../nothing-yet';
import { pricingQuery } from '../queries';
import type { Priced, Pricing } from '../types';
import { FeedSection } from './feed-section';
import { PriceCourse } from './price-course';
import { PriceTable } from './price-table';
import { texts } from './texts';

function Figures({ summary }: { summary: Pricing['summary'] }) {
  const t = useText(texts);
  const format = useFormat();
  const about = (text: string) => <Typography variant="caption" color="text.secondary">{text}</Typography>;
  return (
    <>
      <KpiCard label={t('products')} value={format.number(summary.products)} change={summary.stale > 0 ? about(t('stale', { count: summary.stale })) : undefined} />
      <KpiCard label={t('index')} value={summary.median_index === null ? '–' : format.number(summary.median_index, 1)} change={about(t('indexAbout'))} />
      <KpiCard label={t('toLower')} value={format.number(summary.to_lower)} />
      <KpiCard label={t('toRaise')} value={format.number(summary.to_raise)} />
    </>
  );
}

function Found({ data }: { data: Pricing }) {
  const t = useText(texts);
  const [row, setRow] = useState<Priced | null>(null);
  const course = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (row === null) return;
    const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    course.current?.scrollIntoView?.({ block: 'nearest', behavior: isStill ? 'auto' : 'smooth' });
  }, [row]);
  return (
    <>
      <Section title={t('list')} about={t('listAbout')} actions={row && <Button size="small" variant="outlined" onClick={() => setRow(null)}>{t('closeCourse')}</Button>}>
        <PriceTable rows={data.pricing} onRow={setRow} />
        <PassportStamp provenance={data.provenance} />
      </Section>
      {row && <div ref={course}><PriceCourse key={`${row.product_id} ${row.currency}`} row={row} /></div>}
    </>
  );
}

/** Our prices beside each competitor's; a feed of them; and, without one, why there is nothing. */
export default function PricingPage() {
  const t = useText(texts);
  const format = useFormat();
  const { data, error, refetch } = useQuery(pricingQuery(''));
  const summary = data && data.pricing.length > 0 ? data.summary : undefined;
  const count = (key: 'cheaper' | 'level' | 'dearer') => format.number(summary?.[key] ?? 0);
  const answer = summary ? t('answer', { products: t('answerProducts', { count: summary.products }), competitors: t('answerCompetitors', { count: summary.competitors }), cheaper: count('cheaper'), level: count('level'), dearer: count('dearer') }) : t('answerNone');
  return (
    <MarketPage title={t('title')} answer={answer} kpis={summary ? <Figures summary={summary} /> : !data && !error ? [1, 2, 3, 4].map((each) => <KpiSkeleton key={each} />) : undefined}>
      {data && data.pricing.length === 0 && (
        <NothingYet title={t('none')} from={data} icon={Tags}>
          <Typography variant="body2" component="p" sx={{ m: 0, mt: 2 }}>{t('noneStep')}</Typography>
        </NothingYet>
      )}
      {data && data.pricing.length > 0 && <Found data={data} />}
      {!data && error && <Card><ErrorState error={error} onRetry={() => void refetch()} /></Card>}
      {!data && !error && <Card sx={{ p: 5 }}><Skeleton height={layout.chart} /></Card>}
      <FeedSection />
    </MarketPage>
  );
}
