import { Box, Button, Drawer, Typography } from '@mui/material';
import { ChevronDown } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';

import { useText } from '@/i18n/text';

import { texts } from './texts';

/** On phones the tree stands in a sheet from below, behind a button with what is chosen. */
export function PlaceSheet({ name, children }: { name: string; children: (close: () => void) => ReactNode }) {
  const t = useText(texts);
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button variant="outlined" endIcon={<ChevronDown size={16} aria-hidden />} aria-haspopup="dialog" onClick={() => setOpen(true)} sx={{ bgcolor: 'background.paper', maxWidth: 1 }} aria-label={`${t('what')}: ${name}`}>
        <Box component="span" dir="auto" sx={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>{name}</Box>
      </Button>
      <Drawer anchor="bottom" open={isOpen} onClose={close} slotProps={{ paper: { role: 'dialog', 'aria-labelledby': id, sx: { height: '85dvh', borderStartStartRadius: 16, borderStartEndRadius: 16 } } }}>
        <Box sx={{ p: 4, display: 'grid', gap: 4, gridTemplateColumns: 'minmax(0, 1fr)', gridTemplateRows: 'auto minmax(0, 1fr) auto', height: 1 }}>
          <Typography variant="h3" component="h2" id={id}>{t('what')}</Typography>
          <Box sx={{ overflowY: 'auto', p: 1, m: -1 }}>{children(close)}</Box>
          <Button variant="contained" onClick={close}>{t('close')}</Button>
        </Box>
      </Drawer>
    </>
  );
}
