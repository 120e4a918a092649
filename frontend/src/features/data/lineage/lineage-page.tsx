import { Autocomplete, Box, Button, Card, Skeleton, TextField, ToggleButton, ToggleButtonGroup, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { List, Workflow } from 'lucide-react';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'react-router';

import type { Lineage } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { ErrorState } from '@/components/error-state';
import { Page } from '@/components/page';
import { useText } from '@/i18n/text';

import { lineageQuery } from '../queries';
import { texts } from '../texts';
import LineageGraph from './graph';
import { shortName } from './graph-box';
import { neighbours, reached } from './layout';
import { hasPage, LineageList } from './lineage-list';

const HEIGHT = 640;

/** The chosen table and the view, kept in the address. */
function useView() {
  const [parameters, setParameters] = useSearchParams();
  const set = (name: string, value: string | null) =>
    setParameters((before) => {
      const next = new URLSearchParams(before);
      if (value === null) next.delete(name);
      else next.set(name, value);
      return next;
    }, { replace: true });
  return {
    chosen: parameters.get('table'),
    choose: (table: string | null) => set('table', table),
    isList: parameters.get('view') === 'list',
    setList: (isList: boolean) => set('view', isList ? 'list' : null),
  };
}

function Chosen({ lineage, name, onClear }: { lineage: Lineage; name: string; onClear: () => void }) {
  const t = useText(texts);
  const before = useMemo(() => reached(name, neighbours(lineage.edges, 'before')).size, [lineage, name]);
  const behind = useMemo(() => reached(name, neighbours(lineage.edges, 'behind')).size, [lineage, name]);
  const node = lineage.nodes.find((each) => each.name === name);
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 3, minHeight: 44 }}>
      <Typography variant="body2" role="status" sx={{ flex: '1 1 240px' }}>{t('chosenSentence', { name: shortName(name), before, behind })}</Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
        <Button size="small" color="inherit" onClick={onClear}>{t('clearChoice')}</Button>
        {node && hasPage(node) && <Button size="small" variant="contained" component={Link} to={`/data/${encodeURIComponent(name)}`}>{t('openTable', { name })}</Button>}
      </Box>
    </Box>
  );
}

function ViewButtons({ isList, onChange }: { isList: boolean; onChange: (isList: boolean) => void }) {
  const t = useText(texts);
  return (
    <ToggleButtonGroup exclusive size="small" value={isList ? 'list' : 'picture'} onChange={(_, value: string | null) => value && onChange(value === 'list')} aria-label={t('view')} sx={{ bgcolor: 'background.paper' }}>
      <ToggleButton value="picture" sx={{ gap: 2 }}><Workflow size={16} aria-hidden />{t('picture')}</ToggleButton>
      <ToggleButton value="list" sx={{ gap: 2 }}><List size={16} aria-hidden />{t('list')}</ToggleButton>
    </ToggleButtonGroup>
  );
}

function Finder({ lineage, chosen, onChoose }: { lineage: Lineage; chosen: string | null; onChoose: (name: string | null) => void }) {
  const t = useText(texts);
  const names = useMemo(() => lineage.nodes.map((node) => node.name).sort((one, other) => one.localeCompare(other)), [lineage]);
  return (
    <Autocomplete
      size="small" options={names} value={names.includes(chosen ?? '') ? chosen : null} onChange={(_, value) => onChoose(value)} sx={{ flex: '1 1 200px', maxWidth: { md: 320 } }}
      renderInput={(parameters) => <TextField {...parameters} label={t('findTable')} />}
    />
  );
}

function Content({ lineage }: { lineage: Lineage }) {
  const t = useText(texts);
  const view = useView();
  const sources = lineage.nodes.filter((node) => node.layer === 'raw').length;
  const chosen = lineage.nodes.some((node) => node.name === view.chosen) ? view.chosen : null;
  const chips = (
    <>
      <ViewButtons isList={view.isList} onChange={view.setList} />
      {!view.isList && <Finder lineage={lineage} chosen={chosen} onChoose={view.choose} />}
    </>
  );
  return (
    <Page title={t('lineage')} answer={t('lineageAnswer', { tables: lineage.nodes.length - sources, count: sources })} back={{ to: '/data', label: t('backToData') }} chips={chips}>
      {view.isList ? <LineageList lineage={lineage} /> : (
        <Card sx={{ p: { xs: 3, md: 4 }, display: 'grid', gap: 3, gridTemplateColumns: 'minmax(0, 1fr)' }}>
          {chosen === null
            ? <Typography variant="body2" color="text.secondary" role="status" sx={{ minHeight: 44, display: 'flex', alignItems: 'center' }}>{t('chooseOne')}</Typography>
            : <Chosen lineage={lineage} name={chosen} onClear={() => view.choose(null)} />}
          <LineageGraph lineage={lineage} chosen={chosen} onChoose={view.choose} maxHeight={HEIGHT} />
        </Card>
      )}
    </Page>
  );
}

/** What every table is made of, as a picture and as a list. */
export default function LineagePage() {
  const t = useText(texts);
  const { data, error, refetch } = useQuery(lineageQuery());
  if (data && data.nodes.length > 0) return <Content lineage={data} />;
  return (
    <Page title={t('lineage')} back={{ to: '/data', label: t('backToData') }}>
      {error && <Card><ErrorState error={error} onRetry={() => void refetch()} /></Card>}
      {data && <Card><EmptyState icon={Workflow} title={t('lineageNone')} text={t('lineageTeach')} action={{ label: t('backToData'), to: '/data' }} /></Card>}
      {!data && !error && <Card sx={{ p: 4 }}><Skeleton height={HEIGHT} /></Card>}
    </Page>
  );
}
