import { MenuItem, TextField, ToggleButton, ToggleButtonGroup } from '@mui/material';

import { useText } from '@/i18n/text';

import { useMetricName } from './names';
import { texts } from './texts';
import { GRAINS, type Grain } from './types';

/** Which number is shown. */
export function MetricChoice<M extends string>({ metrics, metric, onChoose }: { metrics: readonly M[]; metric: M; onChoose: (metric: M) => void }) {
  const t = useText(texts);
  const name = useMetricName();
  return (
    <TextField select value={metric} onChange={(event) => onChoose(event.target.value as M)} sx={{ width: 'auto', minWidth: 132 }} slotProps={{ select: { SelectDisplayProps: { 'aria-label': t('metric') } } }}>
      {metrics.map((each) => <MenuItem key={each} value={each}>{name(each)}</MenuItem>)}
    </TextField>
  );
}

/** By day, week or month. */
export function GrainChoice({ grain, onChoose }: { grain: Grain; onChoose: (grain: Grain) => void }) {
  const t = useText(texts);
  return (
    <ToggleButtonGroup exclusive size="small" value={grain} aria-label={t('grain')} onChange={(_, next: Grain | null) => next && onChoose(next)} sx={{ bgcolor: 'background.paper' }}>
      {GRAINS.map((each) => <ToggleButton key={each} value={each}>{t(each)}</ToggleButton>)}
    </ToggleButtonGroup>
  );
}
