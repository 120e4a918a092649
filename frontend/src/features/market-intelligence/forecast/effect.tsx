import { Alert, Box, Typography } from '@mui/material';

import { ChartFrame, type ChartTable } from '@/components/chart-frame';
import { useFormat, useText } from '@/i18n/text';

import { useSaid } from '../said/use-said';
import type { Series, WhatIf } from '../types';
import { useAmounts, type Amounts } from '../use-amounts';
import type { FanBand, FanLine } from './fan';
import FanChart from './fan-chart';
import { isGrave, usePastSentence, useWarning } from './past';
import { texts } from './texts';

/** So small a share is no effect. */
const NONE = 0.0005;

function useEffectSentence(): (answer: WhatIf, amounts: Amounts) => string {
  const t = useText(texts);
  const format = useFormat();
  return (answer, amounts) => {
    const { effect, effect_share: share, total_base, total_changed, lower_effect: lower, upper_effect: upper } = answer;
    if (answer.empty_because) return '';
    const base = amounts.expected(total_base);
    if (effect === null) return t('effectUnknown', { base });
    if (effect === 0 || (share !== null && Math.abs(share) < NONE)) return t('effectNone', { base });
    const values = { changed: amounts.expected(total_changed), base, effect: amounts.expected(Math.abs(effect)), share: share === null ? '–' : format.percent(Math.abs(share)) };
    const first = t(effect > 0 ? 'effectUp' : 'effectDown', values);
    if (typeof lower !== 'number' || typeof upper !== 'number') return first;
    return `${first} ${t('effectRange', { lower: amounts.expected(lower), upper: amounts.expected(upper) })}`;
  };
}

function useTable(answer: WhatIf, amounts: Amounts): ChartTable {
  const t = useText(texts);
  const format = useFormat();
  const level = format.percent(0.8, 0);
  const at = (index: number) => [answer.base[index], answer.changed[index], answer.lower_80[index], answer.upper_80[index]].map((value) => value ?? null);
  return {
    header: [t('date'), t('expected'), t('changedLine'), t('lower', { level }), t('upper', { level })],
    rows: answer.dates.map((date, index) => [date, ...at(index).map(amounts.plain)]),
    shown: answer.dates.map((date, index) => [format.date(date), ...at(index).map(amounts.expected)]),
  };
}

/** What past episodes of each kind of change went with. */
function Past({ answer }: { answer: WhatIf }) {
  const t = useText(texts);
  const sentence = usePastSentence();
  if (answer.past.length === 0) return null;
  return (
    <Box component="ul" aria-label={t('past')} sx={{ m: 0, mb: 3, p: 0, listStyle: 'none', display: 'grid', gap: 1 }}>
      {answer.past.map((each) => <Typography key={each.kind} component="li" variant="body2">{sentence(each)}</Typography>)}
    </Box>
  );
}

function Warnings({ answer }: { answer: WhatIf }) {
  const t = useText(texts);
  const warning = useWarning();
  return answer.warned.map((each) => <Alert key={`${each.code} ${each.words}`} severity={isGrave(each) ? 'warning' : 'info'} aria-label={t('warning')}><span dir="auto">{warning(each)}</span></Alert>);
}

/** What a plan would change: in words, then as a line beside the one without it. */
export default function Effect({ answer, series }: { answer: WhatIf; series: Series }) {
  const t = useText(texts);
  const amounts = useAmounts(series.metric, series.currency);
  const said = useSaid();
  const sentence = useEffectSentence()(answer, amounts);
  const along = (values: readonly (number | null)[]) => answer.dates.map((date, index) => ({ date, value: values[index] ?? null }));
  const isKnown = answer.effect !== null;
  const lines: FanLine[] = [
    { kind: 'expected', name: t('expected'), points: along(answer.base) },
    ...(isKnown ? [{ kind: 'changed', name: t('changedLine'), points: along(answer.changed) } as const] : []),
  ];
  const bands: FanBand[] = [{ level: 0.8, of: 'changed', points: answer.dates.flatMap((date, index) => {
    const [lower, upper] = [answer.lower_80[index], answer.upper_80[index]];
    return typeof lower === 'number' && typeof upper === 'number' ? [{ date, lower, upper }] : [];
  }) }];
  return (
    <Box role="status" sx={{ display: 'grid', gap: 3, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <ChartFrame title={t('result')} summary={sentence} provenance={answer.provenance} table={useTable(answer, amounts)} tooLittle={answer.empty_because ? [said(answer.empty_said, answer.empty_because), said(answer.needed_said, answer.needed ?? '')].filter(Boolean).join(' ') : undefined} fileName={`omnix-what-if-${series.level}-${series.item || 'all'}-${series.metric}`} definition={t('effectAbout')}>
        <Past answer={answer} />
        <FanChart lines={lines} bands={bands} grain={series.grain} amounts={amounts} label={sentence} height={220} />
      </ChartFrame>
      <Warnings answer={answer} />
    </Box>
  );
}
