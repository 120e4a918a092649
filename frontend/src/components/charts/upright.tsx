import { Box } from '@mui/material';
import RtlProvider from '@mui/system/RtlProvider';
import type { ReactNode } from 'react';

import { Direction } from '@/theme/direction';

/** Time axes and numbers run from left to right in every language. */
export function Upright({ children }: { children: ReactNode }) {
  return (
    <Direction direction="ltr">
      <RtlProvider value={false}>
        <Box dir="ltr">{children}</Box>
      </RtlProvider>
    </Direction>
  );
}

/** Axes and grid in the theme's greys, so that the data are what is seen. */
export const frame = {
  '& .MuiChartsAxis-tickLabel': { fill: (theme: { vars?: { palette: { text: { secondary: string } } } }) => theme.vars?.palette.text.secondary },
  '& .MuiChartsGrid-line': { stroke: (theme: { vars?: { palette: { divider: string } } }) => theme.vars?.palette.divider },
  '& text': { fontVariantNumeric: 'tabular-nums' },
} as const;
