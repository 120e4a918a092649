import { Box, Button, LinearProgress, Typography } from '@mui/material';

import type { Step } from '@/api/computed';
import { useText } from '@/i18n/text';

import { useModelName } from './names';
import { texts } from './texts';

/** Room for two lines of words on a phone: nothing below moves when they come and go. */
const ROOM = 48;

function useStepWords(): (step: Step | null) => string {
  const t = useText(texts);
  const model = useModelName();
  return (step) => {
    if (step?.step === 'waiting') return t('waiting', { count: step.before ?? 1 });
    if (step?.step === 'fitting' && step.model) return t('trying', { model: model(step.model), number: Math.min(step.done + 1, step.total), total: step.total });
    if (step?.step === 'finishing') return t('finishing');
    return t(step?.step === 'changing' ? 'changing' : 'starting');
  };
}

interface Props {
  step: Step | null;
  isPending: boolean;
  isStopped: boolean;
  onStop: () => void;
}

/** One calm line of what is being worked out, with a way to end it. Its room is kept free while there is nothing to say. */
export function ComputingLine({ step, isPending, isStopped, onStop }: Props) {
  const t = useText(texts);
  const words = useStepWords();
  const isCounted = step?.step === 'fitting' && step.total > 0;
  return (
    <Box sx={{ minHeight: ROOM, display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) auto', columnGap: 3, alignItems: 'center', maxWidth: 560, position: 'relative' }}>
      <Box role="status" sx={{ minWidth: 0 }}>
        <Typography variant="body2" component="p" color="text.secondary" sx={{ m: 0 }}>{isPending ? words(step) : isStopped ? t('stopped') : ''}</Typography>
      </Box>
      {isPending && <Button size="small" variant="outlined" onClick={onStop}>{t('stop')}</Button>}
      {isPending && (
        <LinearProgress aria-label={t('working')} variant={isCounted ? 'determinate' : 'indeterminate'} value={isCounted ? Math.round((100 * step.done) / step.total) : undefined} sx={{ position: 'absolute', insetInline: 0, bottom: 0, height: 2, borderRadius: 1 }} />
      )}
    </Box>
  );
}
