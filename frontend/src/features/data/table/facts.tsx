import { Box, Card, Skeleton, Tooltip, Typography } from '@mui/material';
import type { ReactNode } from 'react';

import type { TableDetail } from '@/api/types';
import { useShare } from '@/components/amount';
import { HealthChip } from '@/components/signs';
import { useFormat, useText } from '@/i18n/text';

import { texts } from '../texts';

const grid = { display: 'grid', gap: { xs: 4, md: 5 }, gridTemplateColumns: { xs: 'repeat(2, minmax(0, 1fr))', md: 'repeat(auto-fit, minmax(120px, 1fr))' }, m: 0 } as const;

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Box sx={{ minWidth: 0 }}>
      <Typography variant="caption" component="dt" color="text.secondary">{label}</Typography>
      <Typography variant="h3" component="dd" sx={{ m: 0, mt: 1, overflowWrap: 'anywhere', fontWeight: 500 }}>{children}</Typography>
    </Box>
  );
}

function Since({ at }: { at: string | null }) {
  const t = useText(texts);
  const format = useFormat();
  if (at === null) return t('neverBuilt');
  return <Tooltip title={format.moment(at)}><time dateTime={at}>{format.ago(at)}</time></Tooltip>;
}

/** A table's figures at a glance. */
export function Facts({ table }: { table: TableDetail }) {
  const t = useText(texts);
  const format = useFormat();
  const share = useShare();
  return (
    <Card sx={{ p: { xs: 4, md: 5 } }}>
      <Box component="dl" sx={grid}>
        <Fact label={t('rowsFact')}>{table.rows === null ? t('blank') : format.number(table.rows)}</Fact>
        <Fact label={t('columnsFact')}>{format.number(table.columns_count)}</Fact>
        {table.quality !== null && <Fact label={t('qualityFact')}>{share(table.quality)}</Fact>}
        <Fact label={t('builtFact')}><Since at={table.built_at} /></Fact>
        {table.as_of !== null && <Fact label={t('asOfFact')}>{format.date(table.as_of)}</Fact>}
        <Fact label={t('versionFact')}>{table.version ?? t('blank')}</Fact>
        <Fact label={t('health')}><HealthChip state={table.health.state} /></Fact>
      </Box>
    </Card>
  );
}

export function FactsSkeleton() {
  return (
    <Card sx={{ p: { xs: 4, md: 5 } }}>
      <Box sx={grid}>{[1, 2, 3, 4, 5].map((fact) => <div key={fact}><Skeleton width={56} height={16} /><Skeleton width={88} height={20} sx={{ mt: 2 }} /></div>)}</Box>
    </Card>
  );
}
