import { Box, Button, Typography } from '@mui/material';
import { Link } from 'react-router';

import type { QualityTable } from '@/api/types';
import { Meter } from '@/components/meter';
import { RuleList } from '@/components/rule-list';
import { useText } from '@/i18n/text';
import { useCan } from '@/lib/session';

import { texts } from '../texts';
import { isScored } from './judgement';

const PARTS = ['completeness', 'validity', 'uniqueness', 'consistency'] as const;

function Words({ table }: { table: QualityTable }) {
  const t = useText(texts);
  const told = [
    t('cameKept', { came: table.rows_mapped, kept: table.rows_curated, aside: table.rows_quarantined }),
    table.rows_duplicate > 0 ? t('duplicates', { count: table.rows_duplicate }) : '',
    table.rows_excluded > 0 ? t('excluded', { count: table.rows_excluded }) : '',
  ].filter(Boolean);
  return <Typography variant="body2" color="text.secondary">{told.join(' ')}</Typography>;
}

/** What a score is made of, and which rules rows broke. */
export function ScoreDetail({ table }: { table: QualityTable }) {
  const t = useText(texts);
  const can = useCan();
  const rules = table.rules.map((rule) => ({ ...rule, table: table.table }));
  return (
    <Box sx={{ px: { xs: 4, md: 5 }, pb: 5, pt: 2, display: 'grid', gap: 4, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      {isScored(table) ? <Words table={table} /> : <Typography variant="body2" color="text.secondary" dir="auto">{table.empty_because ?? t('nothingCame')}</Typography>}
      {isScored(table) && (
        <Box sx={{ display: 'grid', gap: 5, gridTemplateColumns: { xs: '1fr', sm: 'repeat(2, 1fr)', lg: 'repeat(4, 1fr)' } }}>
          {PARTS.map((part) => <Meter key={part} label={t(part)} about={t(`${part}About`)} share={table[part]} isLow={(table[part] ?? 1) < table.line} />)}
        </Box>
      )}
      {rules.length > 0 && <RuleList label={t('rulesOf', { table: table.table })} rules={rules} isLinked={can('quarantine:read')} />}
      <Box><Button size="small" variant="outlined" component={Link} to={`/data/${encodeURIComponent(table.table)}?tab=quality`}>{t('openTable', { table: table.table })}</Button></Box>
    </Box>
  );
}
