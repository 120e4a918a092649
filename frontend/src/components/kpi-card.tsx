import { Box, Card, CardActionArea, Skeleton, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { layout } from '@/theme/tokens';

import { Sparkline } from './sparkline';

interface Props {
  label: string;
  /** The figure as it is to be read, shortened: `format.measure(value, unit, { short: true })`. */
  value: string;
  /** The figure in full, for hover and screen readers. */
  exact?: string;
  /** A Change, or words where there is nothing to compare with. */
  change?: ReactNode;
  sparkline?: readonly (number | null)[];
  isPartial?: boolean;
  to?: string;
}

function Figure({ label, value, exact, change, sparkline, isPartial }: Omit<Props, 'to'>) {
  return (
    <Box sx={{ p: 4, display: 'grid', gap: 1, height: 1, alignContent: 'start' }}>
      <Typography variant="body2" color="text.secondary">{label}</Typography>
      <Typography variant="h1" component="p" title={exact} sx={{ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }}>{value}</Typography>
      <Box sx={{ minHeight: 18 }}>{change}</Box>
      {sparkline && <Box sx={{ mt: 2 }}><Sparkline values={sparkline} isPartial={isPartial} /></Box>}
    </Box>
  );
}

/** One headline figure with its change and its course. */
export function KpiCard({ to, ...figure }: Props) {
  if (to === undefined) return <Card><Figure {...figure} /></Card>;
  return (
    <Card>
      <CardActionArea component={Link} to={to} sx={{ height: 1, borderRadius: 1 }}><Figure {...figure} /></CardActionArea>
    </Card>
  );
}

/** The room of a KpiCard while its figure comes. */
export function KpiSkeleton() {
  return (
    <Card sx={{ p: 4, display: 'grid', gap: 2 }}>
      <Skeleton width="40%" height={20} />
      <Skeleton width="60%" height={30} />
      <Skeleton width="50%" height={16} />
      <Skeleton height={layout.sparkline} />
    </Card>
  );
}
