import { Box, ButtonBase, Typography } from '@mui/material';
import { ChartNoAxesColumn, CircleAlert, CircleX, HardDriveDownload, ScrollText, Table2 } from 'lucide-react';

import { useFormat, useText } from '@/i18n/text';

import { texts } from '../texts';
import type { Node } from './graph';
import type { Placed } from './layout';

const LAYERS = {
  raw: { icon: HardDriveDownload, text: 'raw' },
  curated: { icon: Table2, text: 'curated' },
  analytics: { icon: ChartNoAxesColumn, text: 'analytics' },
  records: { icon: ScrollText, text: 'records' },
} as const;

const SIGNS = {
  warning: { icon: CircleAlert, color: 'warning.main', text: 'warning' },
  failed: { icon: CircleX, color: 'error.main', text: 'failed' },
} as const;

/** How a layer looks and is called. */
export function layerOf(layer: string) {
  return LAYERS[layer as keyof typeof LAYERS] ?? LAYERS.analytics;
}

interface Props {
  node: Node;
  place: Placed;
  isChosen: boolean;
  isPale: boolean;
  /** The one that Tab comes to. */
  isCurrent: boolean;
  onChoose: () => void;
}

/** What a table is called in the picture: a raw one without its folder, as its sign says that. */
export const shortName = (name: string) => name.replace(/^raw\//, '');

/** One table of the picture. */
export function GraphBox({ node, place, isChosen, isPale, isCurrent, onChoose }: Props) {
  const t = useText(texts);
  const format = useFormat();
  const { icon: Icon, text } = layerOf(node.layer);
  const sign = SIGNS[node.health as keyof typeof SIGNS];
  const rows = node.rows === null ? '' : format.number(node.rows);
  return (
    <ButtonBase
      data-table={node.name}
      tabIndex={isCurrent ? 0 : -1}
      aria-pressed={isChosen}
      onClick={onChoose}
      style={{ position: 'absolute', left: place.x, top: place.y, width: place.width, height: place.height }}
      sx={{
        borderRadius: 1, border: 1, borderColor: isChosen ? 'primary.main' : 'divider', bgcolor: isChosen ? 'tint.info' : 'background.paper', color: 'text.primary',
        boxShadow: isChosen ? (theme) => `0 0 0 1px ${theme.vars?.palette.primary.main}` : undefined, opacity: isPale ? 0.35 : 1, px: 2.5, gap: 2, textAlign: 'start', justifyContent: 'flex-start',
        '&:hover': { borderColor: 'primary.main' }, '&:focus-visible': { opacity: 1 },
      }}
    >
      <Box component="span" sx={{ color: isChosen ? 'primary.main' : 'text.secondary', display: 'grid', flexShrink: 0 }}><Icon size={16} strokeWidth={1.75} aria-hidden /></Box>
      <Box component="span" sx={{ minWidth: 0, flex: 1, display: 'grid' }}>
        <Typography variant="caption" component="span" noWrap sx={{ fontWeight: 600, lineHeight: 1.35 }}>{shortName(node.name)}</Typography>
        {' '}
        <Typography variant="caption" component="span" noWrap color="text.secondary" sx={{ lineHeight: 1.35 }}>{[t(text), rows].filter(Boolean).join(' · ')}</Typography>
      </Box>
      {sign && <Box component="span" role="img" aria-label={t(sign.text)} sx={{ color: sign.color, display: 'grid' }}><sign.icon size={15} aria-hidden /></Box>}
    </ButtonBase>
  );
}
