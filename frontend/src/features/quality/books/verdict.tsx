import { Box, Card, Link as MuiLink, Typography } from '@mui/material';
import { CircleCheck, CircleX } from 'lucide-react';
import { Link } from 'react-router';

import type { BookRow } from '@/api/types';
import { useAmount } from '@/components/amount';
import { useFormat, useLanguage, useText } from '@/i18n/text';

import { texts } from '../texts';
import type { Step } from './reckoning';
import { useStepName } from './step-name';

/** What is missing in one step of one table, in words. */
function Missing({ row }: { row: BookRow }) {
  const t = useText(texts);
  const amount = useAmount();
  const { locale } = useLanguage();
  const stepName = useStepName();
  const rows = row.rows_difference;
  const money = row.money_difference_cents ?? 0;
  const parts = [
    rows > 0 ? t('rowsMissing', { count: rows }) : rows < 0 ? t('rowsTooMany', { count: -rows }) : '',
    money !== 0 ? t(money > 0 ? 'moneyMissing' : 'moneyTooMuch', { money: amount(Math.abs(money)) }) : '',
  ].filter(Boolean);
  return (
    <Box component="li" sx={{ py: 2, borderTop: 1, borderColor: 'divider' }}>
      <Typography variant="body2" component="div" color="text.secondary">
        <MuiLink component={Link} to={`/data/${encodeURIComponent(row.table_name)}`} sx={{ fontWeight: 600 }}><bdi>{row.table_name}</bdi></MuiLink> · {stepName(row.step)}
      </Typography>
      <Typography variant="body1" component="div" sx={{ fontWeight: 500 }}>{new Intl.ListFormat(locale).format(parts)}.</Typography>
      {row.differing_rows && <Typography variant="caption" color="text.secondary" component="div">{t('rawRows', { rows: row.differing_rows })}</Typography>}
    </Box>
  );
}

/** Whether everything is accounted for, in words first. */
export function Verdict({ steps }: { steps: readonly Step[] }) {
  const t = useText(texts);
  const format = useFormat();
  const missing = steps.flatMap((step) => step.rows.filter((row) => !row.balanced));
  const isGreen = missing.length === 0;
  const Icon = isGreen ? CircleCheck : CircleX;
  const [first, last] = [steps[0], steps.at(-1)];
  return (
    <Card sx={{ p: { xs: 4, md: 6 }, display: 'flex', gap: { xs: 3, md: 5 }, alignItems: 'flex-start', bgcolor: isGreen ? 'tint.success' : 'tint.danger' }}>
      <Box sx={{ color: isGreen ? 'success.main' : 'error.main', display: 'grid', flexShrink: 0 }}><Icon size={36} strokeWidth={1.75} aria-hidden /></Box>
      <Box sx={{ minWidth: 0, flex: 1 }} role="status">
        <Typography variant="h2" component="p">{isGreen ? t('balanced') : t('unbalanced', { count: missing.length })}</Typography>
        {isGreen && first && last && (
          <Typography variant="body1" sx={{ mt: 2, maxWidth: '72ch', textWrap: 'pretty' }}>
            {t('balancedSum', { came: format.number(first.rowsIn), made: format.number(last.rowsIn), kept: format.number(last.rowsKept), aside: format.number(last.rowsAside) })}
          </Typography>
        )}
        {!isGreen && <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, mt: 3 }}>{missing.map((row) => <Missing key={`${row.step} ${row.table_name}`} row={row} />)}</Box>}
      </Box>
    </Card>
  );
}
