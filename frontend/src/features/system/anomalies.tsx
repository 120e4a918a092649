import { Box, Button, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useState } from 'react';

import { PassportStamp } from '@/components/chart-tools';
import { ErrorState } from '@/components/error-state';
import { Section } from '@/components/section';
import { useFormat, useLocalText, useText } from '@/i18n/text';
import { metricName, unitOf } from '@/lib/metric';
import { layout } from '@/theme/tokens';

import { anomaliesQuery, type Anomaly } from './queries';
import { texts } from './texts';

const FIRST = 4;

function Unusual({ anomaly }: { anomaly: Anomaly }) {
  const t = useText(texts);
  const format = useFormat();
  const local = useLocalText();
  const { metric, title, unit, currency, value, expected, lower, upper } = anomaly;
  const write = (amount: number) => format.measure(amount, unitOf(metric, unit), { currency });
  const isAbove = value > expected;
  const Arrow = isAbove ? ArrowUp : ArrowDown;
  return (
    <Box component="li" sx={{ py: 3, borderTop: 1, borderColor: 'divider', '&:first-of-type': { borderTop: 0, pt: 0 } }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 3, rowGap: 0.5, alignItems: 'baseline', justifyContent: 'space-between' }}>
        <Typography variant="h4" component="h3" dir="auto">{local(metricName(metric, title))} · <bdi>{format.date(anomaly.date)}</bdi></Typography>
        <Typography variant="body2" component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 1, fontWeight: 600 }}>
          <Arrow size={14} strokeWidth={2.5} aria-hidden />
          <bdi>{write(value)}</bdi>
          <Typography component="span" variant="caption" color="text.secondary">{t(isAbove ? 'above' : 'below')}</Typography>
        </Typography>
      </Box>
      <Typography variant="caption" color="text.secondary" component="div">{t('unusualRange', { lower: write(lower), upper: write(upper) })}</Typography>
      <Typography variant="body2" dir="auto" sx={{ mt: 1 }}>{anomaly.reason}</Typography>
    </Box>
  );
}

function List({ anomalies }: { anomalies: readonly Anomaly[] }) {
  const t = useText(texts);
  const [isAll, setAll] = useState(false);
  const shown = isAll ? anomalies : anomalies.slice(0, FIRST);
  if (anomalies.length === 0) return <Typography variant="body2" color="text.secondary">{t('unusualNone')}</Typography>;
  return (
    <>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {shown.map((anomaly) => <Unusual key={`${anomaly.metric} ${anomaly.date}`} anomaly={anomaly} />)}
      </Box>
      {shown.length < anomalies.length && <Button variant="outlined" size="small" onClick={() => setAll(true)} sx={{ mt: 2 }}>{t('showAll', { count: anomalies.length - shown.length })}</Button>}
    </>
  );
}

/** Days unlike others, each with what was expected and what changed most. */
export function Anomalies({ system }: { system: string }) {
  const t = useText(texts);
  const { data, error, refetch } = useQuery(anomaliesQuery(system, 'year'));
  return (
    <Section title={t('unusual')} about={t('unusualAbout')}>
      {data && (data.empty_because ? <Typography variant="body2" color="text.secondary" dir="auto">{data.empty_because}</Typography> : <List anomalies={data.insights} />)}
      {data && data.provenance.length > 0 && <Box sx={{ mt: 4 }}><PassportStamp provenance={data.provenance} /></Box>}
      {!data && error && <ErrorState error={error} onRetry={() => void refetch()} isCompact />}
      {!data && !error && <Skeleton height={layout.chart} />}
    </Section>
  );
}
