import { Box, Card, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';

import { DataTable, type Column } from '@/components/data-table';
import { ErrorState } from '@/components/error-state';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';
import { useCan } from '@/lib/session';
import { layout } from '@/theme/tokens';

import { MarketPage } from '../frame';
import { useLevelName, useModelTitle } from '../names';
import { modelQuery } from '../queries';
import { useSaid } from '../said/use-said';
import { texts as sharedTexts } from '../texts';
import { GRAINS, type Measure, type ModelDetail, type ModelVersion } from '../types';
import { ModelCard } from './card';
import { ChangeSection } from './change';
import { StateChip, useStateName } from './states';
import { texts } from './texts';

function Versions({ model }: { model: ModelDetail }) {
  const t = useText(texts);
  const format = useFormat();
  const state = useStateName();
  const said = useSaid();
  const columns: Column<ModelVersion>[] = [
    { key: 'version', label: t('version'), value: (row) => row.version, render: (row) => <bdi>{row.version}</bdi> },
    { key: 'state', label: t('state'), value: (row) => state(row.state), render: (row) => <StateChip state={row.state} /> },
    { key: 'trained', label: t('trained'), value: (row) => row.made_at, render: (row) => <bdi>{format.moment(row.made_at)}</bdi> },
    { key: 'reason', label: t('reason'), value: (row) => said(row.reason_said, row.reason), render: (row) => <Typography variant="caption" component="span" dir="auto">{said(row.reason_said, row.reason) || '–'}</Typography> },
    { key: 'data', label: t('data'), kind: 'code', isOptional: true, value: (row) => row.data_version },
    { key: 'code', label: t('code'), kind: 'code', isOptional: true, value: (row) => row.code_version },
  ];
  return (
    <Section title={t('all')} about={t('allAbout')}>
      <DataTable label={t('all')} columns={columns} rows={model.all} rowKey={(row) => row.version} isPlain={model.all.length < 8} fileName={`omnix-${model.name}-versions`} />
    </Section>
  );
}

const SCORES = new Set(['mase', 'rmsse', 'wape', 'mape', 'rmse', 'mae', 'auc']);

/** What is measured: MASE by day, whole shop. */
function useMeasureWords(): (measure: Measure) => string {
  const t = useText(texts);
  const shared = useText(sharedTexts);
  const level = useLevelName();
  return ({ score, grain, level: of, words }) => {
    const known = GRAINS.find((each) => each === grain);
    return known && SCORES.has(score) ? t('measureOf', { score: score.toUpperCase(), grain: shared(known), level: level(of) }) : words;
  };
}

/** How good the version that answers is, beside the one that waits and the baseline. */
function Metrics({ model }: { model: ModelDetail }) {
  const t = useText(texts);
  const format = useFormat();
  const { champion, challenger } = model;
  const words = useMeasureWords();
  const all = new Map([...(challenger?.measures ?? []), ...(champion?.measures ?? [])].map((measure) => [measure.name, measure]));
  if (all.size === 0) return null;
  const rows = [...all.values()].sort((one, other) => one.name.localeCompare(other.name));
  const write = (value: number | null | undefined) => (typeof value === 'number' ? format.number(value, Math.abs(value) < 10 ? 3 : 0) : '–');
  return (
    <Section title={t('metrics')}>
      <Box tabIndex={0} role="group" aria-label={t('metrics')} sx={{ overflowX: 'auto' }}>
        <Box component="table" sx={{ width: 1, borderCollapse: 'collapse', typography: 'body2', '& th, & td': { py: 2, px: 2, textAlign: 'end', borderBottom: 1, borderColor: 'divider' }, '& th': { fontWeight: 500 }, '& th:first-of-type': { textAlign: 'start' }, '& thead th': { color: 'text.secondary' } }}>
          <thead><tr><th scope="col">{t('measure')}</th><th scope="col">{t('own')}</th>{challenger && <th scope="col">{t('challengerColumn')}</th>}<th scope="col">{t('plain')}</th></tr></thead>
          <tbody>
            {rows.map((measure) => (
              <tr key={measure.name}>
                <th scope="row"><bdi>{words(measure)}</bdi></th>
                <td>{write(champion?.metrics[measure.name])}</td>
                {challenger && <td>{write(challenger.metrics[measure.name])}</td>}
                <td>{write(measure.baseline)}</td>
              </tr>
            ))}
          </tbody>
        </Box>
      </Box>
    </Section>
  );
}

/** One model: what answers, what waits, every version, its card; and, for administrators, changing that. */
export default function ModelPage() {
  const t = useText(texts);
  const format = useFormat();
  const can = useCan();
  const title = useModelTitle();
  const { model: name = '' } = useParams();
  const { data, error, refetch } = useQuery(modelQuery(name));
  const answer = data?.champion ? t('modelAnswer', { version: data.champion.version, ago: format.ago(data.champion.made_at) }) : t('modelNobody');
  return (
    <MarketPage title={data ? title(data) : name} answer={data ? answer : '\u00a0'} back={{ to: '/market-intelligence/models', label: t('back') }}>
      {data && (
        <>
          {can('settings:write') && <ChangeSection model={data} />}
          <Metrics model={data} />
          <Versions model={data} />
          {data.champion ? <ModelCard name={name} version={data.champion} /> : <Section title={t('card')} about={t('cardNone')}>{null}</Section>}
        </>
      )}
      {!data && error && <Card><ErrorState error={error} onRetry={() => void refetch()} /></Card>}
      {!data && !error && <Card sx={{ p: 5 }}><Skeleton height={layout.chart} /></Card>}
    </MarketPage>
  );
}
