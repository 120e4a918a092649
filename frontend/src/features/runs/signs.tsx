/** The state of a run or of one table in it: a word and an icon, never a colour alone. */
import { Box, Chip } from '@mui/material';
import { Ban, CircleCheck, CircleDashed, CirclePause, CircleX, Equal, LoaderCircle, SkipForward, type LucideIcon } from 'lucide-react';

import { useText } from '@/i18n/text';

import type { RunStatus } from './model';
import { texts, type Texts } from './texts';

interface Sign {
  icon: LucideIcon;
  text: keyof Texts & string;
  color: string;
  tint: string;
}

const GOOD = { color: 'success.main', tint: 'tint.success' };
const BAD = { color: 'error.main', tint: 'tint.danger' };
const ODD = { color: 'warning.main', tint: 'tint.warning' };
const CALM = { color: 'text.secondary', tint: 'surface.sunken' };
const BUSY = { color: 'info.main', tint: 'tint.info' };

const STATUS: Record<RunStatus, Sign> = {
  queued: { icon: CirclePause, text: 'queued', ...CALM },
  running: { icon: LoaderCircle, text: 'running', ...BUSY },
  succeeded: { icon: CircleCheck, text: 'succeeded', ...GOOD },
  failed: { icon: CircleX, text: 'failedState', ...BAD },
  interrupted: { icon: Ban, text: 'interrupted', ...ODD },
};

const OUTCOME: Readonly<Record<string, Sign>> = {
  reading: { icon: LoaderCircle, text: 'stateReading', ...BUSY },
  read: { icon: CircleCheck, text: 'stateRead', ...GOOD },
  building: { icon: LoaderCircle, text: 'stateBuilding', ...BUSY },
  built: { icon: CircleCheck, text: 'stateBuilt', ...GOOD },
  unchanged: { icon: Equal, text: 'stateUnchanged', ...CALM },
  failed: { icon: CircleX, text: 'stateFailed', ...BAD },
  blocked: { icon: Ban, text: 'stateBlocked', ...ODD },
  skipped: { icon: SkipForward, text: 'stateSkipped', ...ODD },
};

const turning = { '@keyframes turn': { to: { transform: 'rotate(360deg)' } }, '& .lucide-loader-circle': { animation: 'turn 1.4s linear infinite' } };

function SignChip({ sign, label }: { sign: Sign; label: string }) {
  return (
    <Chip size="small" label={label} icon={<Box component={sign.icon} size={14} aria-hidden />}
      sx={{ bgcolor: sign.tint, color: sign.color, '& .MuiChip-icon': { color: 'inherit' }, ...turning }} />
  );
}

export function StatusChip({ status }: { status: RunStatus }) {
  const t = useText(texts);
  const sign = STATUS[status];
  return <SignChip sign={sign} label={t(sign.text as 'queued')} />;
}

/** `outcome` as the service names it; one that is not known is shown as it is. */
export function OutcomeChip({ outcome }: { outcome: string }) {
  const t = useText(texts);
  const sign = OUTCOME[outcome];
  if (sign === undefined) return <SignChip sign={{ icon: CircleDashed, text: 'queued', ...CALM }} label={outcome} />;
  return <SignChip sign={sign} label={t(sign.text as 'queued')} />;
}
