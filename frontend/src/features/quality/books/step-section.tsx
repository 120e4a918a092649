import { Box, Typography } from '@mui/material';
import { CircleCheck, CircleX } from 'lucide-react';
import { Link } from 'react-router';

import type { BookRow } from '@/api/types';
import { useAmount } from '@/components/amount';
import { DataTable, type Column } from '@/components/data-table';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';
import { useCan } from '@/lib/session';

import { texts } from '../texts';
import { STEPS, type Step, type StepName } from './reckoning';
import { useStepName } from './step-name';

const ABOUT = { 'source to raw': 'sourceToRawAbout', 'raw to mapped': 'rawToMappedAbout', 'mapped to curated': 'mappedToCuratedAbout' } as const;

function Sign({ isBalanced }: { isBalanced: boolean }) {
  const t = useText(texts);
  const Icon = isBalanced ? CircleCheck : CircleX;
  return <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 1.5, color: isBalanced ? 'success.main' : 'error.main', fontWeight: 500 }}><Icon size={15} aria-hidden />{t(isBalanced ? 'accounted' : 'differs')}</Box>;
}

function useColumns(): Column<BookRow>[] {
  const t = useText(texts);
  const can = useCan();
  const amount = useAmount();
  const format = useFormat();
  const money = (cents: number | null) => (cents === null ? '–' : amount(cents));
  const strong = (text: string, value: number | null) => <Box component="span" sx={value ? { fontWeight: 600, color: 'error.main' } : undefined}>{text}</Box>;
  const aside = ({ rows_quarantined: rows, table_name: table }: BookRow) =>
    rows > 0 && can('quarantine:read') ? <Box component={Link} to={`/quarantine/${encodeURIComponent(table)}?severity=error`} sx={{ color: 'primary.main' }}>{format.number(rows)}</Box> : format.number(rows);
  return [
    { key: 'table', label: t('table'), value: (row) => row.table_name, render: (row) => <Box component={Link} to={`/data/${encodeURIComponent(row.table_name)}`} dir="auto" sx={{ color: 'inherit', fontWeight: 500 }}>{row.table_name}</Box> },
    { key: 'in', label: t('rowsIn'), value: (row) => row.rows_in, kind: 'number' },
    { key: 'kept', label: t('rowsKept'), value: (row) => row.rows_kept, kind: 'number' },
    { key: 'aside', label: t('setAside'), value: (row) => row.rows_quarantined, kind: 'number', render: aside },
    { key: 'difference', label: t('difference'), value: (row) => row.rows_difference, kind: 'number', render: (row) => strong(format.number(row.rows_difference), row.rows_difference) },
    { key: 'moneyIn', label: t('moneyIn'), value: (row) => row.money_in_cents, kind: 'number', render: (row) => money(row.money_in_cents) },
    { key: 'moneyKept', label: t('moneyKept'), value: (row) => row.money_kept_cents, kind: 'number', render: (row) => money(row.money_kept_cents) },
    { key: 'moneyAside', label: t('moneyAside'), value: (row) => row.money_quarantined_cents, kind: 'number', render: (row) => money(row.money_quarantined_cents) },
    { key: 'moneyDifference', label: t('moneyDifference'), value: (row) => row.money_difference_cents, kind: 'number', render: (row) => strong(money(row.money_difference_cents), row.money_difference_cents) },
    { key: 'state', label: t('state'), value: (row) => row.balanced, render: (row) => <Sign isBalanced={row.balanced} /> },
  ];
}

/** In = kept + set aside + missing, as lengths. */
function Flow({ step }: { step: Step }) {
  const t = useText(texts);
  const format = useFormat();
  const parts = [
    { name: t('rowsKept'), value: step.rowsKept, color: 'primary.main' },
    { name: t('setAside'), value: step.rowsAside, color: 'warning.main' },
    { name: t('difference'), value: Math.abs(step.rowsMissing), color: 'error.main' },
  ].filter((part) => part.value > 0 || part.color === 'primary.main');
  return (
    <Box sx={{ mb: 5, display: 'grid', gap: 2 }}>
      <Box aria-hidden sx={{ display: 'flex', gap: 0.5, height: 10, borderRadius: 1, overflow: 'hidden', bgcolor: 'surface.sunken' }}>
        {parts.map((part) => <Box key={part.name} sx={{ bgcolor: part.color, minWidth: 3 }} style={{ flexGrow: part.value, flexBasis: 0 }} />)}
      </Box>
      <Box component="dl" sx={{ m: 0, display: 'flex', flexWrap: 'wrap', columnGap: 5, rowGap: 1 }}>
        {parts.map((part) => (
          <Box key={part.name} sx={{ display: 'flex', alignItems: 'center', gap: 2 }}>
            <Box aria-hidden sx={{ width: 10, height: 10, borderRadius: 0.5, bgcolor: part.color }} />
            <Typography component="dt" variant="caption" color="text.secondary">{part.name}</Typography>
            <Typography component="dd" variant="caption" sx={{ m: 0, fontWeight: 600 }}>{format.number(part.value)}</Typography>
          </Box>
        ))}
      </Box>
    </Box>
  );
}

/** One step of every table: what went in, what came out, what was set aside, what is missing. */
export function StepSection({ step }: { step: Step }) {
  const t = useText(texts);
  const stepName = useStepName();
  const columns = useColumns();
  const known = STEPS.find((name): name is StepName => name === step.name);
  const sum = step.isBalanced ? t('stepBalanced', { count: step.rowsIn }) : t('stepDiffers');
  return (
    <Section title={stepName(step.name)} about={`${sum} ${known ? t(ABOUT[known]) : ''}`} actions={<Sign isBalanced={step.isBalanced} />}>
      <Flow step={step} />
      <DataTable label={stepName(step.name)} columns={columns} rows={step.rows} rowKey={(row) => row.table_name} fileName={`books ${step.name}`} />
    </Section>
  );
}
