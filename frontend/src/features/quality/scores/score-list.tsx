import { Box, ButtonBase, Collapse, Typography } from '@mui/material';
import { ChevronDown, CircleCheck, CircleX, Circle } from 'lucide-react';
import { useId, useState } from 'react';

import type { QualityTable } from '@/api/types';
import { useShare } from '@/components/amount';
import { Sparkline } from '@/components/sparkline';
import { useFormat, useText } from '@/i18n/text';

import type { Trend } from '../queries';
import { texts } from '../texts';
import { isBelow, isScored, placeOn, scaleStart, type Scored } from './judgement';
import { ScoreDetail } from './score-detail';

/** With the course of the scores, where there is one. */
const columns = (hasTrend: boolean) => `minmax(120px, 180px) minmax(120px, 1fr) 72px ${hasTrend ? '112px ' : ''}88px 150px 20px`;

const wide = { display: { xs: 'none', lg: 'block' } } as const;

/** A score on the scale, with the line that it must reach. */
function Scale({ table, start }: { table: Scored; start: number }) {
  const at = (score: number) => `${placeOn(start, score) * 100}%`;
  return (
    <Box aria-hidden sx={{ position: 'relative', height: 20, mx: 1.5 }}>
      <Box sx={{ position: 'absolute', insetInline: 0, top: 9, height: 2, borderRadius: 1, bgcolor: 'divider' }} />
      <Box sx={{ position: 'absolute', top: 2, width: 2, height: 16, bgcolor: 'text.muted', borderRadius: 1 }} style={{ insetInlineStart: `calc(${at(table.line)} - 1px)` }} />
      <Box sx={{ position: 'absolute', top: 4, width: 12, height: 12, borderRadius: '50%', bgcolor: isBelow(table) ? 'error.main' : 'primary.main' }} style={{ insetInlineStart: `calc(${at(table.score)} - 6px)` }} />
    </Box>
  );
}

function State({ table }: { table: QualityTable }) {
  const t = useText(texts);
  const [Icon, text, color] = !isScored(table) ? ([Circle, t('nothingCame'), 'text.secondary'] as const)
    : table.blocked ? ([CircleX, t('heldBack'), 'error.main'] as const)
    : isBelow(table) ? ([CircleX, t('belowLine'), 'warning.main'] as const)
    : ([CircleCheck, t('published'), 'success.main'] as const);
  return (
    <Typography variant="body2" component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 1.5, color, fontWeight: 500 }}>
      <Icon size={15} aria-hidden />{text}
    </Typography>
  );
}

/** Up or down since the build before, in points of a hundred; with its course where there is one. */
function Course({ scores }: { scores: readonly number[] }) {
  const t = useText(texts);
  const format = useFormat();
  const [before, now] = scores.slice(-2);
  if (before === undefined || now === undefined) return null;
  const points = (now - before) * 100;
  const isSame = Math.abs(points) < 0.005;
  const isFlat = scores.every((score) => score === now);
  return (
    <Box sx={{ display: 'grid' }}>
      {!isFlat && <Sparkline values={scores} />}
      <Typography variant="caption" color="text.secondary" sx={{ whiteSpace: 'nowrap' }}>
        {isSame ? t('unchanged') : t(points > 0 ? 'better' : 'worse', { points: format.number(Math.abs(points), 2) })}
      </Typography>
    </Box>
  );
}

interface LineProps {
  table: QualityTable;
  start: number;
  scores: readonly number[];
  hasTrend: boolean;
}

function Line({ table, start, scores, hasTrend }: LineProps) {
  const t = useText(texts);
  const share = useShare();
  const format = useFormat();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <ButtonBase
        onClick={() => setOpen(!isOpen)} aria-expanded={isOpen} aria-controls={id}
        sx={{
          width: 1, textAlign: 'start', display: 'grid', gridTemplateColumns: { xs: 'minmax(0, 1fr) auto 20px', lg: columns(hasTrend) }, columnGap: 5, rowGap: 1, alignItems: 'center',
          px: { xs: 4, md: 5 }, py: 3, borderTop: 1, borderColor: 'divider', '&:hover': { bgcolor: 'surface.hover' }, '&:focus-visible': { outlineOffset: -2 },
        }}
      >
        <Typography variant="h4" component="span" sx={{ overflowWrap: 'anywhere' }}><bdi>{table.table}</bdi></Typography>
        <Box sx={wide}>{isScored(table) && <Scale table={table} start={start} />}</Box>
        <Typography variant="body2" component="span" sx={{ textAlign: 'end', fontWeight: 600 }}>{isScored(table) ? share(table.score) : '–'}</Typography>
        {hasTrend && <Box sx={wide}><Course scores={scores} /></Box>}
        <Typography variant="body2" component="span" color="text.secondary" sx={{ gridRow: { xs: 2, lg: 'auto' }, gridColumn: { xs: '2 / 3', lg: 'auto' }, textAlign: 'end' }}>
          <Box component="span" sx={{ display: { lg: 'none' } }}>{t('asideOf', { count: table.rows_quarantined })}</Box>
          <Box component="span" sx={{ display: { xs: 'none', lg: 'inline' } }}>{format.number(table.rows_quarantined)}</Box>
        </Typography>
        <Box sx={{ gridRow: { xs: 2, lg: 'auto' }, gridColumn: { xs: 1, lg: 'auto' } }}><State table={table} /></Box>
        <Box sx={{ gridRow: { xs: 1, lg: 'auto' }, gridColumn: { xs: 3, lg: 'auto' }, display: 'grid', color: 'text.secondary', transform: isOpen ? 'rotate(180deg)' : undefined }}><ChevronDown size={16} aria-hidden /></Box>
      </ButtonBase>
      <Collapse in={isOpen} mountOnEnter unmountOnExit id={id}><ScoreDetail table={table} /></Collapse>
    </>
  );
}

/** The names of the columns, and the scale's two ends. */
function Heads({ start, line, hasTrend }: { start: number; line: number | undefined; hasTrend: boolean }) {
  const t = useText(texts);
  const share = useShare();
  const head = (text: string, isEnd = false) => <Typography variant="caption" color="text.secondary" sx={{ textAlign: isEnd ? 'end' : 'start' }}>{text}</Typography>;
  return (
    <Box aria-hidden sx={{ display: { xs: 'none', lg: 'grid' }, gridTemplateColumns: columns(hasTrend), columnGap: 5, px: 5, pb: 2 }}>
      {head(t('table'))}
      <Box sx={{ position: 'relative', mx: 1.5, typography: 'caption', color: 'text.secondary' }}>
        <Box component="span" sx={{ position: 'absolute', insetInlineStart: -6 }}>{share(start)}</Box>
        {line !== undefined && <Box component="span" sx={{ position: 'absolute', transform: 'translateX(-50%)', '[dir=rtl] &': { transform: 'translateX(50%)' }, whiteSpace: 'nowrap', bgcolor: 'background.paper', px: 1 }} style={{ insetInlineStart: `${placeOn(start, line) * 100}%` }}>{t('lineAt', { line: share(line) })}</Box>}
        <Box component="span" sx={{ position: 'absolute', insetInlineEnd: -6 }}>{share(1)}</Box>
      </Box>
      {head(t('score'), true)}
      {hasTrend && head(t('trend'))}
      {head(t('setAside'), true)}
      {head(t('state'))}
    </Box>
  );
}

/** The score of each table against the line; each opens to what it is made of and the rules that rows broke. */
export function ScoreList({ tables, trend }: { tables: readonly QualityTable[]; trend: Trend }) {
  const t = useText(texts);
  const start = scaleStart(tables);
  const hasTrend = [...trend.values()].some((scores) => scores.length > 1);
  return (
    <>
      <Heads start={start} line={tables[0]?.line} hasTrend={hasTrend} />
      <Box component="ul" aria-label={t('scores')} sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {tables.map((table) => <li key={table.table}><Line table={table} start={start} scores={trend.get(table.table) ?? []} hasTrend={hasTrend} /></li>)}
      </Box>
    </>
  );
}
