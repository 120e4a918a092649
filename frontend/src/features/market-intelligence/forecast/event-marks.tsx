/** Signs for what stands on the time axis: told apart by shape, not by colour alone. */
import { Box } from '@mui/material';
import { useTheme } from '@mui/material/styles';

import type { EventKind } from '../types';

export const KINDS = ['holiday', 'promotion', 'closed', 'change'] as const satisfies readonly EventKind[];

/** What a kind is that this page does not know: drawn like a holiday. */
export const kindOf = (kind: string): EventKind => KINDS.find((each) => each === kind) ?? 'holiday';

/** The colour of each kind in the scheme at hand. */
export function useEventColor(): (kind: EventKind) => string {
  const { palette, vars } = useTheme();
  const series = vars?.palette.series ?? palette.series;
  const text = vars?.palette.text.secondary ?? palette.text.secondary;
  return (kind) => ({ holiday: series[1], promotion: series[3], closed: text, change: series[6] })[kind] ?? text;
}

/** The sign at a place, nine pixels wide; a promotion is as long as it lasts. */
export function Sign({ kind, x, y, until }: { kind: EventKind; x: number; y: number; until?: number }) {
  const color = useEventColor()(kind);
  const far = Math.max(until ?? x, x);
  if (kind === 'promotion') return <rect x={x - 4} y={y - 3} width={far - x + 8} height={6} rx={3} fill={color} />;
  if (kind === 'closed') {
    if (far - x > 8) return <rect x={x - 4} y={y - 3} width={far - x + 8} height={6} fill="none" stroke={color} strokeWidth={1.5} />;
    return <path d={`M${x - 3.5},${y - 3.5}L${x + 3.5},${y + 3.5}M${x - 3.5},${y + 3.5}L${x + 3.5},${y - 3.5}`} stroke={color} strokeWidth={2} fill="none" />;
  }
  if (kind === 'change') return <path d={`M${x},${y - 5}L${x + 5},${y}L${x},${y + 5}L${x - 5},${y}Z`} fill={color} />;
  return <circle cx={x} cy={y} r={4} fill={color} />;
}

/** The sign in a line of text. */
export function SignIcon({ kind }: { kind: EventKind }) {
  return (
    <Box component="svg" width={14} height={12} aria-hidden sx={{ flexShrink: 0 }}>
      <Sign kind={kind} x={7} y={6} />
    </Box>
  );
}
