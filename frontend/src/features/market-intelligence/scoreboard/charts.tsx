import { lazy } from 'react';

import { ChartFrame } from '@/components/chart-frame';
import { LineChart, type Line } from '@/components/charts';
import { useIsPhone } from '@/components/use-is-phone';
import { useFormat, useText } from '@/i18n/text';

import type { FanLine } from '../forecast/fan';
import { lastDay } from '../periods';
import type { Grain, Scoreboard } from '../types';
import type { Amounts } from '../use-amounts';
import { whole } from './sums';
import { texts } from './texts';

const FanChart = lazy(() => import('../forecast/fan-chart'));

/** By month the service adds up months. */
const step = ({ grain }: Scoreboard): Grain => (grain === 'month' ? 'month' : 'week');

/** Weeks that fit a phone's width. */
const PHONE = 26;

function useWeeks(data: Scoreboard) {
  const isPhone = useIsPhone();
  const weeks = whole(data.weeks, data.grain);
  return isPhone ? weeks.slice(-PHONE) : weeks;
}

/** How far off each week was, beside the baseline. */
export function ErrorByWeek({ data }: { data: Scoreboard }) {
  const t = useText(texts);
  const format = useFormat();
  const weeks = useWeeks(data);
  const write = (share: number | null | undefined) => (typeof share === 'number' ? format.percent(share) : '–');
  const last = weeks.at(-1);
  const isMonthly = step(data) === 'month';
  const summary = t(isMonthly ? 'errorsSummaryMonth' : 'errorsSummary', { own: write(last?.wape), plain: write(last?.baseline_wape) });
  const lines: Line[] = [
    { name: t('own'), points: weeks.map((week) => ({ date: week.week, value: week.wape })) },
    { name: t('plain'), points: weeks.map((week) => ({ date: week.week, value: week.baseline_wape })) },
  ];
  return (
    <ChartFrame title={t(isMonthly ? 'errorsMonth' : 'errors')} summary={summary} definition={t(isMonthly ? 'errorsAboutMonth' : 'errorsAbout')} provenance={data.provenance} fileName="omnix-forecast-errors"
      table={{ header: [t(isMonthly ? 'month' : 'week'), t('own'), t('plain'), t('periods')], rows: weeks.map((week) => [week.week, week.wape, week.baseline_wape, week.periods]), shown: weeks.map((week) => [format.date(week.week), write(week.wape), write(week.baseline_wape), format.number(week.periods)]) }}>
      <LineChart lines={lines} unit="share" label={summary} />
    </ChartFrame>
  );
}

/** What was predicted for each week, and what happened. */
export function Course({ data, amounts }: { data: Scoreboard; amounts: Amounts }) {
  const t = useText(texts);
  const format = useFormat();
  const weeks = useWeeks(data);
  const last = weeks.at(-1);
  const isMonthly = step(data) === 'month';
  const summary = last ? t(isMonthly ? 'courseSummaryMonth' : 'courseSummary', { week: isMonthly ? format.period({ from: last.week, to: lastDay(last.week, 'month') }) : format.date(last.week), predicted: amounts.expected(last.predicted), actual: amounts.exact(last.actual) }) : '';
  const lines: FanLine[] = [
    { kind: 'history', name: t('happened'), points: weeks.map((week) => ({ date: week.week, value: week.actual })) },
    { kind: 'expected', name: t('predicted'), points: weeks.map((week) => ({ date: week.week, value: week.predicted })) },
  ];
  return (
    <ChartFrame title={t('course')} summary={summary} definition={t(isMonthly ? 'courseAboutMonth' : 'courseAbout')} provenance={data.provenance} fileName="omnix-predicted-and-happened"
      table={{ header: [t(isMonthly ? 'month' : 'week'), t('predicted'), t('happened')], rows: weeks.map((week) => [week.week, amounts.plain(week.predicted), amounts.plain(week.actual)]), shown: weeks.map((week) => [format.date(week.week), amounts.expected(week.predicted), amounts.exact(week.actual)]) }}>
      <FanChart lines={lines} bands={[]} grain={step(data)} amounts={amounts} label={summary} />
    </ChartFrame>
  );
}
