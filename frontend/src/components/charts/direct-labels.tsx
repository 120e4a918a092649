import { Box, Typography } from '@mui/material';
import { useTheme } from '@mui/material/styles';

import { useFormat, useText } from '@/i18n/text';

import type { Band, Line, Marks } from '../charts';
import { texts } from '../texts';

/** A stroke as the line is drawn: solid, or dashed for what is not settled. */
function Stroke({ color, isDashed }: { color: string; isDashed: boolean }) {
  return (
    <Box component="svg" width={20} height={8} aria-hidden sx={{ color, flexShrink: 0 }}>
      <line x1={1} x2={19} y1={4} y2={4} stroke="currentColor" strokeWidth={2.5} strokeDasharray={isDashed ? '4 3' : undefined} />
    </Box>
  );
}

function Entry({ color, isDashed, text }: { color: string; isDashed: boolean; text: string }) {
  return (
    <Typography variant="caption" component="li" color="text.secondary" dir="auto" sx={{ display: 'inline-flex', alignItems: 'center', gap: 1.5 }}>
      <Stroke color={color} isDashed={isDashed} />
      {text}
    </Typography>
  );
}

/** The names of the lines under the drawing; nothing for one plain line, which the title names. */
export function DirectLabels({ lines, bands, marks }: { lines: readonly Line[]; bands: readonly Band[]; marks?: Marks | undefined }) {
  const t = useText(texts);
  const format = useFormat();
  const { palette, vars } = useTheme();
  const colors = vars?.palette.series ?? palette.series;
  const isPartial = lines.some((line) => line.isPartial);
  const hasMarks = marks !== undefined && marks.points.length > 0;
  if (lines.length === 1 && bands.length === 0 && !isPartial && !hasMarks) return null;
  const colorOf = (line: Line, index: number) => colors[(line.kind === 'expected' ? Math.max(index - 1, 0) : index) % colors.length] ?? '';
  const levels = [...bands].map((band) => band.level).sort().map((level) => t('within', { level: format.number(level * 100) }));
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, mt: 2, p: 0, display: 'flex', flexWrap: 'wrap', columnGap: 4, rowGap: 1 }}>
      {lines.map((line, index) => (
        <Entry key={`${line.name} ${line.kind ?? ''}`} color={colorOf(line, index)} isDashed={line.kind === 'expected'} text={line.kind === 'expected' ? `${line.name} · ${t('expected')}` : line.name} />
      ))}
      {isPartial && <Entry color={colors[0] ?? ''} isDashed text={t('soFar')} />}
      {hasMarks && (
        <Typography variant="caption" component="li" color="text.secondary" sx={{ display: 'inline-flex', alignItems: 'center', gap: 1.5 }}>
          <Box component="span" aria-hidden sx={{ color: 'error.main' }}>◆</Box>
          {marks.name}
        </Typography>
      )}
      {levels.length > 0 && <Typography variant="caption" component="li" color="text.secondary" dir="auto">{levels.join(' · ')}</Typography>}
    </Box>
  );
}
