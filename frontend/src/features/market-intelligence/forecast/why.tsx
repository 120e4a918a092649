import { Box, Button, Typography } from '@mui/material';
import { Link } from 'react-router';

import { Meter } from '@/components/meter';
import { Prose } from '@/components/prose';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';

import { useFamilyName, useModelName } from '../names';
import { useClosed, useModelAbout, useSaid } from '../said/use-said';
import { lastDay } from '../periods';
import type { Grain, Scores, Series, Tested } from '../types';
import { useAmounts, type Amounts } from '../use-amounts';
import { texts, type Texts } from './texts';

/** The measures in the order in which they are read, and how each is written. */
const MEASURES = [
  ['wape', 'wapeAbout', 'share'],
  ['mase', 'maseAbout', 'number'],
  ['rmsse', 'rmsseAbout', 'number'],
  ['mape', 'mapeAbout', 'share'],
  ['smape', 'smapeAbout', 'share'],
  ['mae', 'maeAbout', 'amount'],
  ['rmse', 'rmseAbout', 'amount'],
  ['bias', 'biasAbout', 'amount'],
  ['r2', 'r2About', 'number'],
] as const satisfies readonly (readonly [keyof Texts, keyof Texts, 'share' | 'number' | 'amount'])[];

/** So small a difference is none. */
const EQUAL = 0.005;

function useWriting(amounts: Amounts) {
  const format = useFormat();
  return (value: number | null | undefined, kind: 'share' | 'number' | 'amount') => {
    if (typeof value !== 'number') return '–';
    if (kind === 'share') return format.percent(value);
    return kind === 'amount' ? amounts.expected(value) : format.number(value, 2);
  };
}

function ScoreTable({ model, baseline, amounts }: { model: Scores; baseline: Scores; amounts: Amounts }) {
  const t = useText(texts);
  const write = useWriting(amounts);
  const known = MEASURES.filter(([key]) => typeof model[key] === 'number' || typeof baseline[key] === 'number');
  return (
    <Box component="table" sx={{ width: 1, borderCollapse: 'collapse', typography: 'body2', '& th, & td': { py: 2, px: 1, borderBottom: 1, borderColor: 'divider', textAlign: 'end', verticalAlign: 'top', fontWeight: 400 }, '& th:first-of-type': { textAlign: 'start', ps: 0 }, '& thead th': { color: 'text.secondary', fontWeight: 500 } }}>
      <thead>
        <tr><th scope="col">{t('measure')}</th><th scope="col">{t('own')}</th><th scope="col">{t('plain')}</th></tr>
      </thead>
      <tbody>
        {known.map(([key, about, kind]) => (
          <tr key={key}>
            <th scope="row">
              <bdi>{t(key)}</bdi>
              <Typography variant="caption" component="div" color="text.secondary">{t(about)}</Typography>
            </th>
            <Box component="td" sx={{ fontWeight: '600 !important' }}><bdi>{write(model[key], kind)}</bdi></Box>
            <td><bdi>{write(baseline[key], kind)}</bdi></td>
          </tr>
        ))}
      </tbody>
    </Box>
  );
}

/** How good it was on the past, beside plain repetition, in words. */
export function useTestedSentence(): (scores: Tested, grain: Grain) => string {
  const t = useText(texts);
  const format = useFormat();
  return ({ model, baseline, folds, tested_from, tested_to }, grain) => {
    const [own, plain] = [model.wape, baseline.wape];
    if (typeof own !== 'number' || typeof plain !== 'number') return '';
    const period = tested_from && tested_to ? format.period({ from: tested_from, to: lastDay(tested_to, grain) }) : '–';
    const first = t('testedSentence', { count: folds, period, own: format.percent(own), plain: format.percent(plain) });
    if (plain === 0 || Math.abs(own - plain) / plain < EQUAL) return `${first} ${t('equal')}`;
    return `${first} ${t(own < plain ? 'better' : 'worse', { share: format.percent(Math.abs(plain - own) / plain, 0) })}`;
  };
}

const BANDS = [['coverage_80', 0.8], ['coverage_95', 0.95]] as const;

function Held({ scores }: { scores: Tested }) {
  const t = useText(texts);
  const format = useFormat();
  return (
    <Box sx={{ display: 'grid', gap: 3 }}>
      <Typography variant="h4" component="h3">{t('held')}</Typography>
      {BANDS.map(([key, level]) => <Meter key={key} label={t('bandHeld', { level: format.percent(level, 0) })} share={scores[key]} about={t('heldAbout', { level: format.percent(level, 0) })} />)}
    </Box>
  );
}

function Calendar({ words }: { words: readonly string[] }) {
  const t = useText(texts);
  return (
    <Box>
      <Typography variant="h4" component="h3" sx={{ mb: 1 }}>{t('calendar')}</Typography>
      {words.length === 0 && <Typography variant="body2" color="text.secondary">{t('calendarOpen')}</Typography>}
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>{words.map((each) => <Typography key={each} component="li" variant="body2" dir="auto">{each}</Typography>)}</Box>
    </Box>
  );
}

/** Which model it is, why it was chosen, and how good it was beside the baseline. */
export function Why({ series, links }: { series: Series; links: { comparison: string; scoreboard: string } }) {
  const t = useText(texts);
  const name = useModelName();
  const family = useFamilyName();
  const tested = useTestedSentence();
  const amounts = useAmounts(series.metric, series.currency);
  const said = useSaid();
  const about = useModelAbout();
  const closed = useClosed();
  const { model, scores } = series;
  return (
    <Section title={t('why')} actions={
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
        <Button size="small" variant="outlined" component={Link} to={links.comparison}>{t('compareModels')}</Button>
        <Button size="small" variant="outlined" component={Link} to={links.scoreboard}>{t('toScoreboard')}</Button>
      </Box>
    }>
      <Box sx={{ display: 'grid', gap: 6, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 5fr) minmax(0, 7fr)' } }}>
        <Box sx={{ display: 'grid', gap: 5, alignContent: 'start' }}>
          {model === null ? <Typography variant="body2" color="text.secondary">{t('whyNone')}</Typography> : (
            <Box sx={{ display: 'grid', gap: 2 }}>
              <Typography variant="h2" component="p"><bdi>{name(model.name)}</bdi></Typography>
              <Typography variant="caption" color="text.secondary">{t('family', { family: family(model.family) })}</Typography>
              {model.about !== '' && <Typography variant="body2" component="p" sx={{ m: 0 }}><Prose text={about(model)} /></Typography>}
              {model.reason !== '' && <Typography variant="body2" component="p" sx={{ m: 0 }}><Prose text={said(model.reason_said, model.reason)} /></Typography>}
            </Box>
          )}
          {scores && <Held scores={scores} />}
          <Calendar words={closed(series.closed)} />
        </Box>
        <Box sx={{ display: 'grid', gap: 3, alignContent: 'start' }}>
          {scores === null ? <Typography variant="body2" color="text.secondary">{t('noScores')}</Typography> : (
            <>
              <Typography variant="body1" component="p" sx={{ m: 0 }}>{tested(scores, series.grain)}</Typography>
              <ScoreTable model={scores.model} baseline={scores.baseline} amounts={amounts} />
            </>
          )}
        </Box>
      </Box>
    </Section>
  );
}
