import { Card, Skeleton } from '@mui/material';

import { layout } from '@/theme/tokens';

/** The room of a table while its rows come. */
export function RowsSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <Card sx={{ p: 5, display: 'grid', gap: 2 }} aria-busy>
      {Array.from({ length: rows }, (_, index) => <Skeleton key={index} height={layout.row - 8} />)}
    </Card>
  );
}
