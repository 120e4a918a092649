/** Small signs in a line of text: change, freshness, health. Never by colour alone. */
import { Box, Chip, Tooltip, Typography } from '@mui/material';
import { ArrowDown, ArrowUp, Circle, CircleAlert, CircleCheck, CircleX, Clock, Minus } from 'lucide-react';

import type { Health } from '@/api/types';
import { useFormat, useText } from '@/i18n/text';

import { texts } from './texts';

type Direction = 'up' | 'down' | 'same';

const ARROWS = { up: ArrowUp, down: ArrowDown, same: Minus };

interface ChangeProps {
  /** A share: 0.041 is 4.1 % up; null where the period before had nothing to compare with. */
  value: number | null;
  /** The period compared with, by name: `1–31 May`. */
  against: string;
  /** Which way is good news; `none` shows no colour. */
  good?: 'up' | 'down' | 'none';
}

function directionOf(value: number): Direction {
  if (Math.abs(value) < 0.0005) return 'same';
  return value > 0 ? 'up' : 'down';
}

function colorOf(direction: Direction, good: 'up' | 'down' | 'none'): string {
  if (direction === 'same' || good === 'none') return 'text.secondary';
  return direction === good ? 'success.main' : 'error.main';
}

/** How much more or less than in a named period: ▲ 4.1 % vs 1–31 May. */
export function Change({ value, against, good = 'up' }: ChangeProps) {
  const t = useText(texts);
  const format = useFormat();
  if (value === null) return null;
  const direction = directionOf(value);
  const Arrow = ARROWS[direction];
  return (
    <Typography variant="caption" component="span" color="text.secondary" sx={{ display: 'inline-flex', flexWrap: 'wrap', alignItems: 'center', columnGap: 1, fontVariantNumeric: 'tabular-nums' }}>
      <Box component="span" sx={{ color: colorOf(direction, good), display: 'inline-flex', alignItems: 'center', gap: 0.5, fontWeight: 600 }}>
        <Arrow size={13} strokeWidth={2.75} aria-hidden />
        <span>{t(direction)} {direction === 'same' ? '' : format.percent(Math.abs(value))}</span>
      </Box>{' '}
      <span>{t('versus', { period: against })}</span>
    </Typography>
  );
}

interface FreshnessProps {
  builtAt: string | null | undefined;
  asOf?: string | null;
  isStale?: boolean;
}

/** When the figure was built, and up to when its data reach. */
export function Freshness({ builtAt, asOf, isStale = false }: FreshnessProps) {
  const t = useText(texts);
  const format = useFormat();
  if (!builtAt) return <Typography variant="caption" color="text.secondary">{t('neverBuilt')}</Typography>;
  const exact = [format.moment(builtAt), asOf ? t('asOf', { at: format.moment(asOf) }) : ''].filter(Boolean).join(' · ');
  return (
    <Tooltip title={exact}>
      <Typography variant="caption" component="span" color={isStale ? 'warning.main' : 'text.secondary'} sx={{ display: 'inline-flex', alignItems: 'center', gap: 1 }}>
        <Clock size={12} aria-hidden />
        <time dateTime={builtAt}>{t('built', { ago: format.ago(builtAt) })}</time>{' '}
        {isStale && <span>· {t('stale')}</span>}
      </Typography>
    </Tooltip>
  );
}

const HEALTH = {
  ok: { icon: CircleCheck, text: 'healthOk', color: 'success.main', tint: 'tint.success' },
  warning: { icon: CircleAlert, text: 'healthWarning', color: 'warning.main', tint: 'tint.warning' },
  failed: { icon: CircleX, text: 'healthFailed', color: 'error.main', tint: 'tint.danger' },
  empty: { icon: Circle, text: 'healthEmpty', color: 'text.secondary', tint: 'surface.sunken' },
} as const;

/** The health of a table or system in one word; its reasons on hover and focus. */
export function HealthChip({ state, reasons = [] }: { state: Health['state']; reasons?: readonly string[] }) {
  const t = useText(texts);
  const { icon: Icon, text, color, tint } = HEALTH[state];
  const chip = (
    <Chip
      size="small"
      icon={<Icon size={14} aria-hidden />}
      label={t(text)}
      tabIndex={reasons.length > 0 ? 0 : undefined}
      sx={{ bgcolor: tint, color, '& .MuiChip-icon': { color: 'inherit' } }}
    />
  );
  return reasons.length > 0 ? <Tooltip title={reasons.join(' ')} describeChild>{chip}</Tooltip> : chip;
}
