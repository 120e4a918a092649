import { Card, Skeleton } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Boxes } from 'lucide-react';

import { DataTable, type Column } from '@/components/data-table';
import { ErrorState } from '@/components/error-state';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { MarketPage } from '../frame';
import { useModelTitle } from '../names';
import { NothingYet } from '../nothing-yet';
import { modelsQuery } from '../queries';
import type { Model } from '../types';
import { texts } from './texts';

function ModelTable({ rows }: { rows: readonly Model[] }) {
  const t = useText(texts);
  const format = useFormat();
  const title = useModelTitle();
  const columns: Column<Model>[] = [
    { key: 'model', label: t('model'), value: title, render: (row) => <bdi>{title(row)}</bdi> },
    { key: 'answers', label: t('answers'), value: (row) => row.champion?.version ?? null, render: (row) => (row.champion ? <bdi>{row.champion.version}</bdi> : t('nobody')) },
    { key: 'trained', label: t('trained'), value: (row) => row.champion?.made_at ?? null, render: (row) => (row.champion ? <time dateTime={row.champion.made_at} title={format.moment(row.champion.made_at)}>{format.ago(row.champion.made_at)}</time> : '–') },
    { key: 'waits', label: t('waits'), value: (row) => row.challenger?.version ?? null, render: (row) => (row.challenger ? <bdi>{row.challenger.version}</bdi> : t('nobody')) },
    { key: 'versions', label: t('versions'), kind: 'number', value: (row) => row.versions },
  ];
  return <DataTable label={t('list')} columns={columns} rows={rows} rowKey={(row) => row.name} rowLink={(row) => `/market-intelligence/models/${encodeURIComponent(row.name)}`} isPlain={rows.length < 8} fileName="omnix-models" />;
}

/** Every trained model: which version answers, and which waits. */
export default function ModelsPage() {
  const t = useText(texts);
  const { data, error, refetch } = useQuery(modelsQuery);
  const answer = data && data.data.length > 0 ? t('answer', { count: data.data.filter((model) => model.champion !== null).length }) : '\u00a0';
  return (
    <MarketPage title={t('title')} answer={answer}>
      {data && data.data.length === 0 && <NothingYet title={t('none')} from={data} icon={Boxes} />}
      {data && data.data.length > 0 && <Section title={t('list')}><ModelTable rows={data.data} /></Section>}
      {!data && error && <Card><ErrorState error={error} onRetry={() => void refetch()} /></Card>}
      {!data && !error && <Card sx={{ p: 5 }}><Skeleton height={layout.chart} /></Card>}
    </MarketPage>
  );
}
