import { Box, Drawer, IconButton, Typography } from '@mui/material';
import { X } from 'lucide-react';
import { Fragment, useId } from 'react';

import type { CellValue } from '@/components/data-table';
import { useIsPhone } from '@/components/use-is-phone';
import { useText } from '@/i18n/text';
import { mono } from '@/theme/tokens';

import { texts } from '../texts';
import { useCell } from './preview-tab';

interface Props {
  row: Record<string, CellValue> | null;
  columns: readonly { name: string; type: string }[];
  onClose: () => void;
}

/** One row in full, every column below the other. */
export function RowDrawer({ row, columns, onClose }: Props) {
  const t = useText(texts);
  const id = useId();
  const cell = useCell();
  const isPhone = useIsPhone();
  return (
    <Drawer anchor={isPhone ? 'bottom' : 'right'} open={row !== null} onClose={onClose} slotProps={{ paper: { role: 'dialog', 'aria-labelledby': id, sx: { width: { md: 420 }, maxHeight: { xs: '85dvh', md: 'none' } } } }}>
      <Box sx={{ display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: 3, px: 5, minHeight: 56, borderBottom: 1, borderColor: 'divider', position: 'sticky', top: 0, bgcolor: 'background.paper' }}>
        <Typography variant="h3" component="h2" id={id}>{t('oneRow')}</Typography>
        <IconButton onClick={onClose} aria-label={t('close')} autoFocus><X size={18} aria-hidden /></IconButton>
      </Box>
      <Box component="dl" sx={{ m: 0, p: 5, display: 'grid', gap: 3 }}>
        {columns.map(({ name, type }) => (
          <Fragment key={name}>
            <div>
              <Typography component="dt" variant="caption" color="text.secondary" sx={{ fontFamily: mono }}><bdi>{name}</bdi></Typography>
              <Typography component="dd" variant="body2" sx={{ m: 0, overflowWrap: 'anywhere' }}><bdi>{cell(row?.[name], type)}</bdi></Typography>
            </div>
          </Fragment>
        ))}
      </Box>
    </Drawer>
  );
}
