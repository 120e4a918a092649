/** The room that a page will take, shown while it comes. */
import { Box, Card, Skeleton } from '@mui/material';

import { KpiSkeleton } from '@/components/kpi-card';
import { KpiRow } from '@/components/page';
import { useText } from '@/i18n/text';
import type { Outline } from '@/lib/feature';
import { layout } from '@/theme/tokens';

import { texts } from './texts';

function Block({ height }: { height: number }) {
  return (
    <Card sx={{ p: 5 }}>
      <Skeleton width="30%" height={20} sx={{ mb: 4 }} />
      <Skeleton height={height} />
    </Card>
  );
}

function Body({ outline }: { outline: Outline }) {
  if (outline === 'form') return <Block height={240} />;
  if (outline === 'table') return <Block height={10 * layout.row} />;
  return (
    <>
      <KpiRow>
        {[1, 2, 3, 4].map((card) => <KpiSkeleton key={card} />)}
      </KpiRow>
      <Block height={layout.chart} />
    </>
  );
}

export function PageOutline({ outline }: { outline: Outline }) {
  const t = useText(texts);
  return (
    <Box aria-busy aria-label={t('loading')} role="status" sx={{ display: 'grid', gap: { xs: 5, md: 6 } }}>
      <Box>
        <Skeleton width={220} height={34} />
        <Skeleton width="55%" height={22} sx={{ mt: 2 }} />
      </Box>
      <Body outline={outline} />
    </Box>
  );
}

/** The frame of the dashboard before it is known who is there. */
export function ShellOutline() {
  return (
    <Box sx={{ display: 'flex', minHeight: '100dvh' }}>
      <Box sx={{ width: layout.rail, display: { xs: 'none', md: 'block' }, bgcolor: 'background.paper', borderInlineEnd: 1, borderColor: 'divider' }} />
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Box sx={{ height: layout.topBar }} />
        <Box sx={{ maxWidth: layout.page, mx: 'auto', p: { xs: 4, md: 8 } }}>
          <PageOutline outline="dashboard" />
        </Box>
      </Box>
    </Box>
  );
}
