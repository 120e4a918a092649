import { Box } from '@mui/material';
import type { Theme } from '@mui/material/styles';
import RtlProvider from '@mui/system/RtlProvider';
import type { ReactNode } from 'react';

import { useText } from '@/i18n/text';
import { Direction } from '@/theme/direction';

import { texts } from '../texts';

/** Time axes and numbers run from left to right in every language. */
export function Upright({ label, children }: { label: string; children: ReactNode }) {
  const t = useText(texts);
  return (
    <Direction direction="ltr">
      <RtlProvider value={false}>
        <Box dir="ltr" role="group" aria-label={label} aria-description={t('chartHelp')}>{children}</Box>
      </RtlProvider>
    </Direction>
  );
}

/** Axes and grid in the theme's greys, so that the data are what is seen. */
export const frame = (theme: Theme) => ({
  '& .MuiChartsAxis-tickLabel.MuiChartsAxis-tickLabel': { fill: theme.vars?.palette.text.secondary, fontSize: theme.typography.caption.fontSize },
  '& .MuiChartsGrid-line': { stroke: theme.vars?.palette.divider },
  '& text': { fontVariantNumeric: 'tabular-nums' },
});
