import { Chip } from '@mui/material';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Gauge } from 'lucide-react';

import { answer, api } from '@/api/client';
import type { Answer } from '@/api/types';
import { DataTable, type Column } from '@/components/data-table';
import { EmptyState } from '@/components/empty-state';
import { ErrorState } from '@/components/error-state';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';

import { SettingsPage } from '../frame';
import { RowsSkeleton } from '../rows-skeleton';
import { texts } from './texts';

type Vitals = Answer<'/api/v1/telemetry/web-vitals'>;
type Vital = Vitals['data'][number];

/** The limits of “good”: https://web.dev/articles/vitals */
const GOOD: Readonly<Record<string, number>> = { LCP: 2500, INP: 200, CLS: 0.1, FCP: 1800, TTFB: 800 };
const NAMES = ['LCP', 'INP', 'CLS', 'FCP', 'TTFB'] as const;

const vitalsQuery = queryOptions({
  queryKey: ['web-vitals'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/telemetry/web-vitals', { signal })),
});

const isSlow = (vital: Vital) => vital.p75 > (GOOD[vital.name] ?? Infinity);

function useColumns(): Column<Vital>[] {
  const t = useText(texts);
  const format = useFormat();
  const nameOf = (vital: Vital) => {
    const known = NAMES.find((name) => name === vital.name);
    return known ? t(known) : vital.name;
  };
  const write = (vital: Vital) => (vital.name === 'CLS' ? format.number(vital.p75, 3) : format.seconds(vital.p75 / 1000));
  const sign = (vital: Vital) => (isSlow(vital) ? <Chip size="small" label={write(vital)} sx={{ bgcolor: 'tint.warning', color: 'warning.main' }} /> : write(vital));
  return [
    { key: 'page', label: t('page'), value: (vital) => vital.page, render: (vital) => <bdi>{vital.page}</bdi> },
    { key: 'name', label: t('measure'), value: nameOf },
    { key: 'p75', label: t('p75'), kind: 'number', value: (vital) => vital.p75, render: sign },
    { key: 'good', label: t('goodShare'), kind: 'number', value: (vital) => vital.good_share, render: (vital) => format.percent(vital.good_share, 0) },
    { key: 'count', label: t('samples'), kind: 'number', value: (vital) => vital.count },
  ];
}

function useAnswer(vitals: Vitals | undefined): string | undefined {
  const t = useText(texts);
  if (vitals === undefined || vitals.data.length === 0) return undefined;
  const slow = vitals.data.filter(isSlow).length;
  return slow === 0 ? t('speedGood', { days: vitals.days }) : t('speedBad', { count: slow });
}

/** How fast the pages were in people's browsers. */
export default function SpeedPage() {
  const t = useText(texts);
  const columns = useColumns();
  const { data, error, refetch } = useQuery(vitalsQuery);
  return (
    <SettingsPage title={t('speed')} answer={useAnswer(data)}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <RowsSkeleton />}
      {data?.data.length === 0 && <Section><EmptyState icon={Gauge} title={t('speedEmpty')} text={t('speedEmptyText')} isCompact /></Section>}
      {data && data.data.length > 0 && (
        <Section>
          <DataTable label={t('speed')} columns={columns} rows={data.data} rowKey={(vital) => `${vital.page} ${vital.name}`} fileName="omnix-page-speed" sortBy={{ key: 'page' }} />
        </Section>
      )}
    </SettingsPage>
  );
}
