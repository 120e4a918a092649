import { Box, ButtonBase, Collapse, Typography } from '@mui/material';
import { ChevronDown } from 'lucide-react';
import { useId, useState } from 'react';

import type { QuarantineRow } from '@/api/types';
import { useAmount } from '@/components/amount';
import { Prose } from '@/components/prose';
import { SeverityChip } from '@/components/rule-list';
import { useText } from '@/i18n/text';
import { mono } from '@/theme/tokens';

import { texts } from '../texts';
import { blamed, rulesIn, shown } from './blame';

/** The row as it came, cell by cell; what a rule speaks of stands out. */
function Values({ row }: { row: QuarantineRow }) {
  const t = useText(texts);
  const values = Object.entries(row.source_row ?? {}).filter(([name]) => !name.startsWith('_'));
  const guilty = blamed(values.map(([name]) => name), row.rules);
  return (
    <Box component="dl" sx={{ m: 0, display: 'grid', gap: 3, gridTemplateColumns: { xs: 'repeat(2, minmax(0, 1fr))', md: 'repeat(auto-fill, minmax(170px, 1fr))' } }}>
      {values.map(([name, value]) => {
        const isGuilty = guilty.has(name);
        return (
          <Box key={name} sx={{ minWidth: 0, ...(isGuilty ? { bgcolor: 'tint.warning', borderRadius: 1, p: 2, m: -2 } : {}) }}>
            <Typography component="dt" variant="caption" color="text.secondary" sx={{ fontFamily: mono, overflowWrap: 'anywhere' }}><bdi>{name}</bdi></Typography>
            <Typography component="dd" variant="body2" sx={{ m: 0, overflowWrap: 'anywhere', fontWeight: isGuilty ? 600 : 400, color: value === null ? 'text.secondary' : undefined }}><bdi>{shown(value) ?? t('blank')}</bdi></Typography>
          </Box>
        );
      })}
    </Box>
  );
}

/** One row that was set aside: why first, then as it came. */
export function RowCard({ row, isOpenAtFirst }: { row: QuarantineRow; isOpenAtFirst: boolean }) {
  const t = useText(texts);
  const amount = useAmount();
  const id = useId();
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const hasValues = row.source_row !== null;
  const head = (
    <Box sx={{ width: 1, display: 'grid', gridTemplateColumns: { xs: 'minmax(0, 1fr) auto 20px', md: '180px minmax(0, 1fr) 160px 110px 20px' }, columnGap: 4, rowGap: 1.5, alignItems: 'center', textAlign: 'start' }}>
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="h4" component="span" sx={{ display: 'block', overflowWrap: 'anywhere' }}><bdi>{row.row_key ?? t('noKey')}</bdi></Typography>
        {row.row_id !== null && <Typography variant="caption" component="span" color="text.secondary">{t('rowNumber', { row: row.row_id })}</Typography>}
      </Box>
      <Box component="span" sx={{ gridColumn: { xs: '1 / -1', md: 'auto' }, display: 'grid', gap: 1 }}>
        {rulesIn(row.rules).map((rule) => <Typography key={rule} variant="body2" component="span" sx={{ overflowWrap: 'anywhere' }}><Prose text={rule} /></Typography>)}
      </Box>
      <Box component="span" sx={{ gridColumn: { xs: '1 / -1', md: 'auto' } }}><SeverityChip severity={row.severity} /></Box>
      <Typography variant="body2" component="span" sx={{ textAlign: 'end', fontWeight: 600, gridRow: { xs: 1, md: 'auto' }, gridColumn: { xs: 2, md: 'auto' } }}>{row.money_cents === null ? '' : amount(row.money_cents)}</Typography>
      <Box component="span" sx={{ gridRow: 1, gridColumn: { xs: 3, md: 5 }, display: 'grid', color: 'text.secondary', transform: isOpen ? 'rotate(180deg)' : undefined }}>{hasValues && <ChevronDown size={16} aria-hidden />}</Box>
    </Box>
  );
  const place = { width: 1, px: { xs: 4, md: 5 }, py: 3, borderTop: 1, borderColor: 'divider' } as const;
  if (!hasValues) return <Box sx={place}>{head}</Box>;
  return (
    <>
      <ButtonBase onClick={() => setOpen(!isOpen)} aria-expanded={isOpen} aria-controls={id} sx={{ ...place, '&:hover': { bgcolor: 'surface.hover' }, '&:focus-visible': { outlineOffset: -2 } }}>{head}</ButtonBase>
      <Collapse in={isOpen} mountOnEnter unmountOnExit id={id}>
        <Box sx={{ mx: { xs: 4, md: 5 }, mb: 4, p: 4, bgcolor: 'surface.sunken', borderRadius: 1 }}><Values row={row} /></Box>
      </Collapse>
    </>
  );
}
