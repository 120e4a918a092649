import { Box, Button, Card, Chip, Drawer, Typography } from '@mui/material';
import { useMutation, useQuery } from '@tanstack/react-query';
import { PanelRight, Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';

import { ApiError } from '@/api/problem';
import { Page } from '@/components/page';
import { Section } from '@/components/section';
import { placeOf } from '@/components/sql-editor/highlight';
import { SqlEditor, type EditorHandle } from '@/components/sql-editor/sql-editor';
import { useFormat, useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { HistoryList } from './history-list';
import { keepDraft, lastDraft, remember, useHistory } from './history';
import { ask, schemaQuery } from './queries';
import { Refusal, Result, ResultSkeleton } from './result';
import { SchemaBrowser } from './schema-browser';
import { texts } from './texts';

const KEYS = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘ Enter' : 'Ctrl Enter';

/** Asks; an answer to an older question never takes the place of a newer one's. */
function useAsking() {
  const stop = useRef<AbortController>(undefined);
  const asking = useMutation({
    mutationFn: (sql: string) => {
      stop.current?.abort();
      stop.current = new AbortController();
      return ask(sql, stop.current.signal);
    },
    onSuccess: (result, sql) => remember(sql, result.row_count),
    onError: (error, sql) => error instanceof ApiError && remember(sql, null),
  });
  const cancel = () => {
    stop.current?.abort();
    asking.reset();
  };
  return { asking, cancel };
}

function Limits() {
  const t = useText(texts);
  const format = useFormat();
  const { data } = useQuery(schemaQuery);
  if (data === undefined) return null;
  return <Typography variant="caption" color="text.secondary">{t('limits', { seconds: format.seconds(data.limits.seconds), rows: data.limits.rows })}</Typography>;
}

/** A first query or two over a table that everybody has. */
function Examples({ onPick }: { onPick: (sql: string) => void }) {
  const t = useText(texts);
  const { data } = useQuery(schemaQuery);
  const history = useHistory();
  const table = data?.tables.find((each) => each.name === 'orders' && each.built) ?? data?.tables.find((each) => each.built);
  if (table === undefined || history.length > 0) return null;
  const time = table.columns.find((column) => /timestamp|date/.test(column.type))?.name;
  const examples = [
    [t('exampleNewest', { table: table.name }), `select *\nfrom ${table.name}${time ? `\norder by ${time} desc` : ''}\nlimit 50`],
    [t('exampleCount', { table: table.name }), `select count(*) as rows\nfrom ${table.name}`],
  ] as const;
  return (
    <Section title={t('examples')} about={t('notStarted', { keys: KEYS })}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
        {examples.map(([label, sql]) => <Chip key={label} component="button" clickable variant="outlined" label={label} onClick={() => onPick(sql)} sx={{ minHeight: { xs: layout.target, md: 32 } }} />)}
      </Box>
    </Section>
  );
}

function useDraft() {
  const [search] = useSearchParams();
  const [sql, setSql] = useState(() => search.get('query') ?? lastDraft());
  useEffect(() => keepDraft(sql), [sql]);
  return [sql, setSql] as const;
}

/** A query, its answer, what may be asked and what was asked. */
export default function SqlPage() {
  const t = useText(texts);
  const editor = useRef<EditorHandle>(null);
  const [sql, setSql] = useDraft();
  const [isBrowsing, setBrowsing] = useState(false);
  const { asking, cancel } = useAsking();
  const run = () => sql.trim() !== '' && asking.mutate(sql);
  const refused = asking.error instanceof ApiError && asking.variables === sql ? asking.error : null;
  const insert = (text: string) => {
    setBrowsing(false);
    editor.current?.insert(text);
  };
  const pick = (text: string) => {
    setSql(text);
    editor.current?.focus();
  };
  return (
    <Page title={t('title')} answer={t('answer')} actions={<Button variant="outlined" startIcon={<PanelRight size={17} aria-hidden />} onClick={() => setBrowsing(true)} sx={{ display: { lg: 'none' } }}>{t('showSchema')}</Button>}>
      <Box sx={{ display: 'grid', gap: 5, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 3fr) minmax(0, 1fr)' }, alignItems: 'start' }}>
        <Box sx={{ display: 'grid', gap: 5, gridTemplateColumns: 'minmax(0, 1fr)' }}>
          <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: 'minmax(0, 1fr)' }}>
            <SqlEditor ref={editor} value={sql} onChange={setSql} label={t('query')} onSubmit={run} errorLine={refused ? placeOf(refused.message)?.line : undefined} describedBy={refused ? 'sql-refusal' : undefined} />
            <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 3 }}>
              <Button variant="contained" startIcon={<Play size={16} aria-hidden />} onClick={run} disabled={sql.trim() === ''} loading={asking.isPending}>{t('run')}</Button>
              {asking.isPending && <Button color="inherit" onClick={cancel}>{t('cancel')}</Button>}
              {!asking.isPending && sql !== '' && <Button color="inherit" onClick={() => pick('')}>{t('clear')}</Button>}
              <Typography variant="caption" component="kbd" dir="ltr" color="text.secondary" sx={{ fontFamily: 'inherit', display: { xs: 'none', md: 'inline' } }}>{KEYS}</Typography>
              <Limits />
            </Box>
          </Box>
          {asking.isPending && <ResultSkeleton />}
          {asking.error && <Refusal error={asking.error} onGoTo={(place) => editor.current?.goTo(place)} onRetry={run} />}
          {asking.data && <Result result={asking.data} sql={asking.variables} />}
          {asking.isIdle && <Examples onPick={pick} />}
          <HistoryList onPick={pick} />
        </Box>
        <Card sx={{ display: { xs: 'none', lg: 'block' }, p: 4, position: 'sticky', top: layout.topBar + 16, height: `calc(100dvh - ${layout.topBar + 48}px)` }}>
          <SchemaBrowser onInsert={insert} />
        </Card>
      </Box>
      <Drawer anchor="bottom" open={isBrowsing} onClose={() => setBrowsing(false)} slotProps={{ paper: { sx: { height: '80dvh', p: 4, gap: 3 }, 'aria-label': t('showSchema') } }}>
        <SchemaBrowser onInsert={insert} />
        <Button variant="outlined" onClick={() => setBrowsing(false)}>{t('close')}</Button>
      </Drawer>
    </Page>
  );
}
