import { Box, Button, Drawer, Typography } from '@mui/material';
import { ChevronDown } from 'lucide-react';
import { useId, useState } from 'react';

import { useIsPhone } from '@/components/use-is-phone';
import { useText } from '@/i18n/text';

import { LevelTree } from './forecast/level-tree';
import { texts } from './forecast/texts';
import type { Metric, Place } from './types';

interface Props {
  /** The name of what is chosen. */
  name: string;
  metric: Metric;
  chosen: Place;
  onChoose: (place: Place) => void;
}

const WIDE = 420;

/** The tree of the shop's parts behind a button: a sheet from below on phones, from the side elsewhere. */
export function PlaceChoice({ name, ...tree }: Props) {
  const t = useText(texts);
  const id = useId();
  const isPhone = useIsPhone();
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const choose = (place: Place) => {
    close();
    tree.onChoose(place);
  };
  const look = isPhone ? { height: '85dvh', borderStartStartRadius: 16, borderStartEndRadius: 16 } : { width: WIDE };
  return (
    <>
      <Button variant="outlined" color="inherit" endIcon={<ChevronDown size={16} aria-hidden />} aria-haspopup="dialog" onClick={() => setOpen(true)} aria-label={`${t('what')}: ${name}`} sx={{ bgcolor: 'background.paper', maxWidth: 1 }}>
        <Box component="span" dir="auto" sx={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>{name}</Box>
      </Button>
      <Drawer anchor={isPhone ? 'bottom' : 'left'} open={isOpen} onClose={close} slotProps={{ paper: { role: 'dialog', 'aria-labelledby': id, sx: look } }}>
        <Box sx={{ p: 4, display: 'grid', gap: 4, gridTemplateColumns: 'minmax(0, 1fr)', gridTemplateRows: 'auto minmax(0, 1fr) auto', height: 1 }}>
          <Typography variant="h3" component="h2" id={id}>{t('what')}</Typography>
          <Box sx={{ overflowY: 'auto', p: 1, m: -1 }}><LevelTree key={tree.metric} {...tree} onChoose={choose} /></Box>
          <Button variant="contained" onClick={close}>{t('close')}</Button>
        </Box>
      </Drawer>
    </>
  );
}
