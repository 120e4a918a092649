import { Box, Button, Typography } from '@mui/material';
import { ChevronDown, CircleCheck, CircleX } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
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

/** The table with its sign: whether all of it is accounted for. */
function Name({ row }: { row: BookRow }) {
  const t = useText(texts);
  const Icon = row.balanced ? CircleCheck : CircleX;
  return (
    <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 2 }}>
      <Box component="span" role="img" aria-label={t(row.balanced ? 'accounted' : 'differs')} sx={{ display: 'grid', color: row.balanced ? 'success.main' : 'error.main' }}><Icon size={15} aria-hidden /></Box>
      <Box component={Link} to={`/data/${encodeURIComponent(row.table_name)}`} sx={{ color: 'inherit', fontWeight: 500, textDecoration: 'none', py: { xs: 3.5, md: 0 }, '&:hover': { textDecoration: 'underline' } }}><bdi>{row.table_name}</bdi></Box>
    </Box>
  );
}

/** Rows set aside, leading to them. */
function Aside({ row }: { row: BookRow }) {
  const can = useCan();
  const format = useFormat();
  const rows = format.number(row.rows_quarantined);
  if (row.rows_quarantined === 0 || !can('quarantine:read')) return rows;
  return <Box component={Link} to={`/quarantine/${encodeURIComponent(row.table_name)}?severity=error`} sx={{ color: 'primary.main', display: 'inline-block', py: { xs: 3, md: 0 }, px: { xs: 3, md: 0 }, mx: { xs: -3, md: 0 } }}>{rows}</Box>;
}

function useColumns(step: Step): Column<BookRow>[] {
  const t = useText(texts);
  const amount = useAmount();
  const format = useFormat();
  const cents = (value: number | null) => (value === null ? '–' : amount(value));
  const money = (key: string, label: string, value: (row: BookRow) => number | null): Column<BookRow> => ({ key, label, value, kind: 'number', render: (row) => <Quiet isNothing={!value(row)}>{cents(value(row))}</Quiet> });
  const count = (key: string, label: string, value: (row: BookRow) => number): Column<BookRow> => ({ key, label, value, kind: 'number' });
  const difference = (text: string, value: number | null) => (value ? <Box component="span" sx={{ fontWeight: 600, color: 'error.main' }}>{text}</Box> : <Quiet isNothing>{text}</Quiet>);
  const aside = step.rowsAside > 0 ? [{ ...count('aside', t('setAside'), (row) => row.rows_quarantined), render: (row: BookRow) => <Aside row={row} /> }] : [];
  const moneyAside = step.rowsAside > 0 ? [money('moneyAside', t('moneyAside'), (row) => row.money_quarantined_cents)] : [];
  return [
    { key: 'table', label: t('table'), value: (row) => row.table_name, render: (row) => <Name row={row} /> },
    count('in', t('rowsIn'), (row) => row.rows_in),
    count('kept', t('rowsKept'), (row) => row.rows_kept),
    ...aside,
    { ...count('difference', t('difference'), (row) => row.rows_difference), render: (row) => difference(format.number(row.rows_difference), row.rows_difference) },
    money('moneyIn', t('moneyIn'), (row) => row.money_in_cents),
    money('moneyKept', t('moneyKept'), (row) => row.money_kept_cents),
    ...moneyAside,
    { ...money('moneyDifference', t('moneyDifference'), (row) => row.money_difference_cents), render: (row) => difference(cents(row.money_difference_cents), row.money_difference_cents) },
  ];
}

/** What is nothing stands back. */
function Quiet({ isNothing, children }: { isNothing: boolean; children: ReactNode }) {
  return <Box component="span" sx={isNothing ? { color: 'text.secondary' } : undefined}>{children}</Box>;
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
export function StepSection({ step, isOpen: isOpenAtFirst }: { step: Step; isOpen: boolean }) {
  const t = useText(texts);
  const id = useId();
  const stepName = useStepName();
  const columns = useColumns(step);
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const known = STEPS.find((name): name is StepName => name === step.name);
  const sum = step.isBalanced ? t('stepBalanced', { count: step.rowsIn }) : t('stepDiffers');
  return (
    <Section title={stepName(step.name)} about={`${sum} ${known ? t(ABOUT[known]) : ''}`} actions={<Sign isBalanced={step.isBalanced} />}>
      <Flow step={step} />
      <Button size="small" color="inherit" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)} sx={{ mx: -2, mb: isOpen ? 3 : 0 }}
        endIcon={<Box component="span" sx={{ display: 'grid', transform: isOpen ? 'rotate(180deg)' : undefined }}><ChevronDown size={15} aria-hidden /></Box>}>
        {t(isOpen ? 'hideTables' : 'showTables', { count: step.rows.length })}
      </Button>
      <div id={id}>{isOpen && <DataTable label={stepName(step.name)} columns={columns} rows={step.rows} rowKey={(row) => row.table_name} fileName={`books ${step.name}`} maxHeight={960} />}</div>
    </Section>
  );
}
