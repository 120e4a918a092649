import { Box, Button, Typography } from '@mui/material';

import { FormError } from '@/components/form-error';
import { useText } from '@/i18n/text';

import { ComputingLine } from '../computing';
import { useModelName } from '../names';
import { FORECAST } from '../queries';
import type { ForecastWish, MadeForecast, Series } from '../types';
import { useComputed, type Computing } from '../use-computed';
import type { View } from '../use-view';
import { useSpan } from './sentence';
import { texts } from './texts';

/** The field of a wish that names a part of the shop. */
const PART: Readonly<Record<string, string>> = { country: 'country', store: 'store_id', category: 'category_id', product: 'product_id' };

export function wishOf({ level, item, metric, grain, horizon }: View): ForecastWish {
  const part = PART[level];
  return { metric, grain, horizon, model: 'auto', ...(part === undefined ? {} : { [part]: item }) };
}

/** What was worked out, as it stands in a series. */
export function aheadOf({ dates, forecast, baseline, closed, intervals }: MadeForecast): Series['forecast'] {
  const edge = (level: string, end: 'lower' | 'upper', at: number) => intervals[level]?.[end][at] ?? null;
  return dates.map((date, at) => ({
    date, value: forecast[at] ?? null, baseline: baseline[at] ?? null, closed: closed[at] ?? false,
    lower_50: edge('50', 'lower', at), upper_50: edge('50', 'upper', at), lower_80: edge('80', 'lower', at), upper_80: edge('80', 'upper', at), lower_95: edge('95', 'lower', at), upper_95: edge('95', 'upper', at),
  }));
}

export type Further = Computing<ForecastWish, MadeForecast> & {
  /** What is asked now; null where the forecasts that are kept reach as far. */
  wish: ForecastWish | null;
  /** The answer to just this wish. */
  made: MadeForecast | undefined;
};

/** A forecast that reaches further than those that are kept. */
export function useFurther(view: View): Further {
  const computing = useComputed<ForecastWish, MadeForecast>(FORECAST);
  const wish = view.horizon > view.kept ? wishOf(view) : null;
  const isOfThis = wish !== null && JSON.stringify(computing.asked) === JSON.stringify(wish);
  return { ...computing, wish, made: isOfThis ? computing.data : undefined };
}

/** Offers to work it out, tells how that goes, and what it is once it is there. */
export function FurtherLine({ further, view }: { further: Further; view: View }) {
  const t = useText(texts);
  const span = useSpan();
  const model = useModelName();
  const { wish, made, ask, stop, isPending, isStopped, step, error } = further;
  if (wish === null) return null;
  const asked = span(view.horizon, view.grain);
  return (
    <Box sx={{ display: 'grid', gap: 2, justifyItems: 'start', gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <Typography variant="body2" component="p" color="text.secondary" sx={{ m: 0 }}>{made?.model ? t('furtherDone', { model: model(made.model) }) : t('furtherAbout', { kept: span(view.kept, view.grain), asked })}</Typography>
      {!made && <Button variant="outlined" size="small" loading={isPending} onClick={() => ask(wish)}>{t('furtherAsk', { asked })}</Button>}
      {!made && <Box sx={{ width: 1 }}><ComputingLine step={step} isPending={isPending} isStopped={isStopped} onStop={stop} /></Box>}
      <FormError error={error} />
    </Box>
  );
}
