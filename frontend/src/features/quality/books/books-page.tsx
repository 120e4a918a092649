import { Box, Button, Card, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Scale, ShieldCheck } from 'lucide-react';
import { Link } from 'react-router';

import type { Books } from '@/api/types';
import { PassportStamp } from '@/components/chart-tools';
import { EmptyState } from '@/components/empty-state';
import { ErrorState } from '@/components/error-state';
import { Page } from '@/components/page';
import { useText } from '@/i18n/text';
import { useCan } from '@/lib/session';

import { booksQuery } from '../queries';
import { texts } from '../texts';
import { STEPS, stepsOf } from './reckoning';
import { StepSection } from './step-section';
import { Verdict } from './verdict';

function Content({ books }: { books: Books }) {
  const t = useText(texts);
  const steps = stepsOf(books.rows);
  const hasSource = steps.some((step) => step.name === STEPS[0]);
  const quality = <Button variant="outlined" component={Link} to="/quality" startIcon={<ShieldCheck size={16} aria-hidden />}>{t('quality')}</Button>;
  return (
    <Page title={t('books')} answer={t('booksAnswer')} actions={quality}>
      <Verdict steps={steps} />
      {steps.map((step, index) => <StepSection key={step.name} step={step} isOpen={!step.isBalanced || index === steps.length - 1} />)}
      <Box sx={{ display: 'grid', gap: 2 }}>
        <Typography variant="caption" color="text.secondary">{t('moneyNote')} {!hasSource && t('noSourceCount')}</Typography>
        {books.provenance.length > 0 && <PassportStamp provenance={books.provenance} />}
      </Box>
    </Page>
  );
}

function Waiting() {
  return (
    <>
      <Card sx={{ p: 6 }}><Skeleton width="50%" height={24} /><Skeleton width="70%" height={20} sx={{ mt: 3 }} /></Card>
      <Card sx={{ p: 5, display: 'grid', gap: 4 }}>{Array.from({ length: 8 }, (_, row) => <Skeleton key={row} height={36} />)}</Card>
    </>
  );
}

/** Whether every row and cent of the source can be accounted for, step by step and table by table. */
export default function BooksPage() {
  const t = useText(texts);
  const can = useCan();
  const { data, error, refetch } = useQuery(booksQuery);
  if (data && data.rows.length > 0) return <Content books={data} />;
  return (
    <Page title={t('books')}>
      {error && <Card><ErrorState error={error} onRetry={() => void refetch()} /></Card>}
      {data && <Card><EmptyState icon={Scale} title={t('noBooks')} text={t('noBooksTeach')} action={can('runs:start') ? { label: t('startRun'), to: '/runs' } : undefined} /></Card>}
      {!data && !error && <Waiting />}
    </Page>
  );
}
