import { Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';

import { useFormat, useText } from '@/i18n/text';

import type { AxisEvent } from '../types';
import { kindOf, KINDS, SignIcon } from './event-marks';
import type { FanBand, FanLine, LineKind } from './fan';
import { strokeOf } from './strokes';
import { texts } from './texts';

function Entry({ sign, children }: { sign: ReactNode; children: ReactNode }) {
  return (
    <Typography variant="caption" component="li" color="text.secondary" sx={{ display: 'inline-flex', alignItems: 'center', gap: 1.5 }}>
      {sign}
      <span dir="auto">{children}</span>
    </Typography>
  );
}

function Stroke({ kind, color }: { kind: LineKind; color: string }) {
  return (
    <Box component="svg" width={24} height={8} aria-hidden sx={{ flexShrink: 0 }}>
      <line x1={1} x2={23} y1={4} y2={4} stroke={color} strokeWidth={2.5} strokeDasharray={strokeOf(kind)} />
    </Box>
  );
}

interface Props {
  lines: readonly FanLine[];
  bands: readonly FanBand[];
  events: readonly AxisEvent[];
  colorOf: (kind: LineKind) => string;
}

/** The names of lines, bands and signs under a fan chart. */
export function FanLegend({ lines, bands, events, colorOf }: Props) {
  const t = useText(texts);
  const format = useFormat();
  const levels = [...new Set(bands.map((band) => band.level))].sort().map((level) => format.percent(level, 0));
  const kinds = KINDS.filter((kind) => events.some((event) => kindOf(event.kind) === kind));
  const [first] = bands;
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, mt: 2, p: 0, display: 'flex', flexWrap: 'wrap', columnGap: 4, rowGap: 1 }}>
      {lines.map((line) => <Entry key={line.kind} sign={<Stroke kind={line.kind} color={colorOf(line.kind)} />}>{line.name}</Entry>)}
      {first && (
        <Entry sign={<Box component="span" aria-hidden sx={{ width: 14, height: 10, borderRadius: 0.5, opacity: 0.35 }} style={{ background: colorOf(first.of) }} />}>
          {t('bands', { levels: levels.join(' / ') })}
        </Entry>
      )}
      {kinds.map((kind) => <Entry key={kind} sign={<SignIcon kind={kind} />}>{t(kind)}</Entry>)}
    </Box>
  );
}
