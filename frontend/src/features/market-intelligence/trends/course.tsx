import { useQuery } from '@tanstack/react-query';
import { lazy } from 'react';

import { ChartFrame } from '@/components/chart-frame';
import { useIsPhone } from '@/components/use-is-phone';
import { useFormat, useText } from '@/i18n/text';

import { eventsOn } from '../forecast/fan';
import { useMetricName } from '../names';
import { lastDay, withGaps } from '../periods';
import { seriesQuery } from '../queries';
import { useAmounts } from '../use-amounts';
import type { View } from '../use-view';
import { useEventLabel, useSaid } from '../said/use-said';
import { texts } from './texts';

const FanChart = lazy(() => import('../forecast/fan-chart'));

const WEEKS = 104;
const PHONE_WEEKS = 30;

/** The course of a number by weeks, with the days on which its level changed. */
export function Course({ view, name }: { view: View; name: string }) {
  const t = useText(texts);
  const format = useFormat();
  const said = useSaid();
  const label = useEventLabel();
  const isPhone = useIsPhone();
  const metric = useMetricName()(view.metric);
  const { level, item } = view;
  const { data, error, refetch } = useQuery(seriesQuery({ level, item, metric: view.metric, grain: 'week', history: isPhone ? PHONE_WEEKS : WEEKS, horizon: 1 }));
  const amounts = useAmounts(view.metric, data?.currency);
  const points = withGaps(data?.history ?? [], 'week');
  const last = points.at(-1)?.date ?? '';
  const events = (data?.events ?? []).filter((event) => event.kind === 'change' && event.date <= last);
  const summary = events.length === 0 ? t('courseNone') : t('courseSummary', { count: events.length });
  const changed = (week: string) => eventsOn(events, week, lastDay(week, 'week')).map(label).join('; ');
  return (
    <ChartFrame title={t('course', { metric, place: name })} summary={summary} definition={t('courseAbout')} provenance={data?.provenance} isPending={!data && !error} error={data ? undefined : error} onRetry={() => void refetch()}
      fileName={`omnix-trend-${level}-${item || 'all'}-${view.metric}`} tooLittle={data && points.length === 0 ? said(data.empty_said, data.empty_because ?? '') : undefined}
      table={{
        header: [t('date'), metric, t('change')],
        rows: points.map((point) => [point.date, amounts.plain(point.value), changed(point.date)]),
        shown: points.map((point) => [format.date(point.date), amounts.exact(point.value), changed(point.date)]),
      }}>
      <FanChart lines={[{ kind: 'history', name: metric, points }]} bands={[]} events={events} grain="week" amounts={amounts} label={summary} />
    </ChartFrame>
  );
}
