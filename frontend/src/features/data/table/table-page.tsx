import { Alert, Box, Card, Skeleton, Tab, Tabs } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, type ComponentType, type LazyExoticComponent } from 'react';
import { useParams, useSearchParams } from 'react-router';

import type { TableDetail } from '@/api/types';
import { ErrorState } from '@/components/error-state';
import { Page } from '@/components/page';
import { Prose } from '@/components/prose';
import { useText } from '@/i18n/text';

import { tableQuery } from '../queries';
import { texts, type Texts } from '../texts';
import { Facts, FactsSkeleton } from './facts';

export interface TabProps {
  table: TableDetail;
}

interface Place {
  name: string;
  text: keyof Texts & `${string}Tab`;
  content: LazyExoticComponent<ComponentType<TabProps>>;
}

const FIRST: Place = { name: 'columns', text: 'columnsTab', content: lazy(() => import('./columns-tab')) };
const TABS: readonly Place[] = [
  FIRST,
  { name: 'preview', text: 'previewTab', content: lazy(() => import('./preview-tab')) },
  { name: 'versions', text: 'versionsTab', content: lazy(() => import('./versions-tab')) },
  { name: 'quality', text: 'qualityTab', content: lazy(() => import('./quality-tab')) },
  { name: 'made', text: 'madeTab', content: lazy(() => import('./made-tab')) },
];

const WAITING = <Card sx={{ p: 5 }}><Skeleton height={360} /></Card>;

function useTab(): [Place, (name: string) => void] {
  const [parameters, setParameters] = useSearchParams();
  const found = TABS.find((tab) => tab.name === parameters.get('tab')) ?? FIRST;
  return [found, (name) => setParameters({ tab: name })];
}

function TabRow({ current, onChange }: { current: Place; onChange: (name: string) => void }) {
  const t = useText(texts);
  return (
    <Tabs value={current.name} onChange={(_, name: string) => onChange(name)} variant="scrollable" scrollButtons="auto" allowScrollButtonsMobile aria-label={t('tabs')}
      sx={{ borderBottom: 1, borderColor: 'divider', mx: { xs: -4, md: 0 } }}>
      {TABS.map((tab) => <Tab key={tab.name} value={tab.name} label={t(tab.text)} id={`tab-${tab.name}`} aria-controls="tab-panel" />)}
    </Tabs>
  );
}

/** What is not in order, in the service's own words. */
function Ailments({ table }: TabProps) {
  const t = useText(texts);
  const { state, reasons } = table.health;
  if (state === 'ok') return null;
  const words = [...reasons, ...(table.error && !reasons.includes(table.error) ? [table.error] : [])];
  const severity = state === 'failed' ? 'error' : state === 'warning' ? 'warning' : 'info';
  return (
    <Alert severity={severity}>
      {words.map((word) => <div key={word} dir="auto">{word}</div>)}
      {table.version === null && state === 'empty' && <div>{t('waitsForRun')}</div>}
    </Alert>
  );
}

function Content({ table }: TabProps) {
  const t = useText(texts);
  const [tab, choose] = useTab();
  const Panel = tab.content;
  return (
    <Page title={table.name} answer={<Prose text={table.about.split(/\n\s*\n/)[0] ?? ''} />} back={{ to: '/data', label: t('backToData') }}>
      <Ailments table={table} />
      <Facts table={table} />
      <TabRow current={tab} onChange={choose} />
      <Box role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab.name}`} sx={{ display: 'grid', gap: { xs: 4, md: 5 }, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        <Suspense key={tab.name} fallback={WAITING}><Panel table={table} /></Suspense>
      </Box>
    </Page>
  );
}

/** One table: what it holds, its rows, its past, how good it is and how it was made. */
export default function TablePage() {
  const t = useText(texts);
  const { table = '' } = useParams();
  const { data, error, refetch } = useQuery(tableQuery(table));
  if (data) return <Content key={table} table={data} />;
  return (
    <Page title={table} back={{ to: '/data', label: t('backToData') }}>
      {error ? <Card><ErrorState error={error} onRetry={() => void refetch()} /></Card> : <><FactsSkeleton />{WAITING}</>}
    </Page>
  );
}
