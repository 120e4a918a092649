import { Box, Chip, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import type { CatalogTable } from '@/api/types';
import { useShare } from '@/components/amount';
import { firstSentence, Prose } from '@/components/prose';
import { Freshness, HealthChip } from '@/components/signs';
import { useFormat, useText } from '@/i18n/text';

import { texts } from '../texts';

const COLUMNS = 'minmax(0, 1fr) 96px 80px 156px 132px';
const LABEL = { xs: 'inline', lg: 'none' } as const;

/** A fact with its name before it on narrow screens; on wide ones the name stands above the column. */
function Fact({ label, children, isNumber = false }: { label: string; children: ReactNode; isNumber?: boolean }) {
  return (
    <Box sx={{ textAlign: { lg: isNumber ? 'end' : 'start' }, minWidth: 0, typography: 'body2', whiteSpace: 'nowrap' }}>
      <Typography variant="caption" component="span" color="text.secondary" sx={{ display: LABEL }}>{label} </Typography>
      {children}
    </Box>
  );
}

function Facts({ table }: { table: CatalogTable }) {
  const t = useText(texts);
  const format = useFormat();
  const share = useShare();
  return (
    <>
      <Fact label={t('rows')} isNumber>{table.rows === null ? t('blank') : format.number(table.rows)}</Fact>
      <Fact label={t('quality')} isNumber>{table.quality === null ? t('blank') : share(table.quality)}</Fact>
      <Fact label=""><Freshness builtAt={table.built_at} asOf={table.as_of} isStale={table.stale} /></Fact>
      <Box sx={{ justifySelf: 'start' }}><HealthChip state={table.health.state} /></Box>
    </>
  );
}

function TableLine({ table }: { table: CatalogTable }) {
  // That it was never built stands beside it already.
  const isTold = table.health.state === 'ok' || (table.version === null && table.health.state === 'empty');
  const reason = isTold ? '' : (table.health.reasons[0] ?? table.empty_because ?? '');
  return (
    <Box
      component={Link}
      to={`/data/${encodeURIComponent(table.name)}`}
      sx={{
        display: 'grid', gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: COLUMNS }, columnGap: 5, rowGap: 1.5, alignItems: 'center',
        px: { xs: 4, md: 5 }, py: 3, color: 'inherit', textDecoration: 'none', borderTop: 1, borderColor: 'divider', '&:hover': { bgcolor: 'surface.hover' }, '&:focus-visible': { outlineOffset: -2 },
      }}
    >
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="h4" component="h3" sx={{ overflowWrap: 'anywhere' }}><bdi>{table.name}</bdi></Typography>
        <Typography variant="body2" color="text.secondary" component="div" sx={{ textWrap: 'pretty' }}><Prose text={firstSentence(table.about)} /></Typography>
        {reason !== '' && <Typography variant="caption" component="div" sx={{ mt: 1, textWrap: 'pretty' }}><bdi>{reason}</bdi></Typography>}
      </Box>
      <Box sx={{ display: { xs: 'flex', lg: 'contents' }, flexWrap: 'wrap', alignItems: 'center', columnGap: 5, rowGap: 1.5 }}><Facts table={table} /></Box>
    </Box>
  );
}

/** The names of the columns; each fact carries its own for screen readers and phones. */
function Heads() {
  const t = useText(texts);
  const head = (text: string, isNumber = false) => <Typography variant="caption" color="text.secondary" sx={{ textAlign: isNumber ? 'end' : 'start' }}>{text}</Typography>;
  return (
    <Box aria-hidden sx={{ display: { xs: 'none', lg: 'grid' }, gridTemplateColumns: COLUMNS, columnGap: 5, px: 5, pb: 2 }}>
      {head(t('table'))}
      {head(t('rows'), true)}
      {head(t('quality'), true)}
      {head(t('built'))}
      {head(t('health'))}
    </Box>
  );
}

/** The tables of one system, each a way to its page. */
export function TableList({ tables, label }: { tables: readonly CatalogTable[]; label: string }) {
  return (
    <>
      <Heads />
      <Box component="ul" aria-label={label} sx={{ listStyle: 'none', m: 0, p: 0, overflow: 'hidden', borderEndStartRadius: 8, borderEndEndRadius: 8 }}>
        {tables.map((table) => <li key={table.name}><TableLine table={table} /></li>)}
      </Box>
    </>
  );
}

/** Says of a system that it is one's own, or that it is switched off. */
export function SystemMarks({ isRegistered, isEnabled }: { isRegistered: boolean; isEnabled: boolean }) {
  const t = useText(texts);
  return (
    <Box sx={{ display: 'flex', gap: 2 }}>
      {isRegistered && <Chip size="small" variant="outlined" label={t('ownSystem')} />}
      {!isEnabled && <Chip size="small" variant="outlined" label={t('disabled')} />}
    </Box>
  );
}
