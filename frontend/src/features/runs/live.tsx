import { Box, LinearProgress, Typography } from '@mui/material';

import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';

import type { Progress, TableProgress } from './events';
import { OutcomeChip } from './signs';
import { texts } from './texts';

/** How far the run is, as a bar and in words. */
export function ProgressBar({ progress: { done, total } }: { progress: Progress }) {
  const t = useText(texts);
  const isKnown = total > 0;
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <LinearProgress
        variant={isKnown ? 'determinate' : 'indeterminate'}
        value={isKnown ? (100 * done) / total : undefined}
        aria-label={t('progress')}
        sx={{ height: 8, borderRadius: 1, bgcolor: 'surface.sunken' }}
      />
      <Typography variant="caption" color="text.secondary" role="status" aria-live="polite">{isKnown ? t('answerRunning', { done, total }) : t('answerBegun')}</Typography>
    </Box>
  );
}

const AT_WORK = ['building', 'reading'];

/** What is at work stands first, then what ended last. */
function inOrder(tables: readonly TableProgress[]): TableProgress[] {
  return tables.toReversed().toSorted((one, other) => Number(AT_WORK.includes(other.state)) - Number(AT_WORK.includes(one.state)));
}

/** The tables as they are reached. */
export function LiveTables({ progress }: { progress: Progress }) {
  const t = useText(texts);
  const format = useFormat();
  if (progress.tables.length === 0) return null;
  return (
    <Section title={t('outcomes')}>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', columnGap: 8, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'repeat(2, minmax(0, 1fr))' } }}>
        {inOrder(progress.tables).map((each) => (
          <Box component="li" key={each.table} sx={{ display: 'flex', alignItems: 'center', gap: 3, py: 2, borderBottom: 1, borderColor: 'divider', minWidth: 0 }}>
            <Typography variant="body2" component="bdi" sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>{each.table}</Typography>
            <Typography variant="caption" color="text.secondary">{each.rows === null ? '' : format.number(each.rows)}</Typography>
            <OutcomeChip outcome={each.state} />
          </Box>
        ))}
      </Box>
    </Section>
  );
}
