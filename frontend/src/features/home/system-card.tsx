import { Box, Card, Chip, Skeleton, Typography } from '@mui/material';
import { Link } from 'react-router';

import type { SystemCard as Told } from '@/api/types';
import { Change, Freshness, HealthChip } from '@/components/signs';
import { Sparkline } from '@/components/sparkline';
import { useFormat, useLocalText, useText } from '@/i18n/text';
import { metricName, unitOf } from '@/lib/metric';
import { layout } from '@/theme/tokens';

import { texts } from './texts';

type Headline = NonNullable<Told['headline']>;

/** Up to so many reasons are told on the card; the system's page tells all. */
const REASONS = 1;

function Figure({ headline }: { headline: Headline }) {
  const t = useText(texts);
  const format = useFormat();
  const local = useLocalText();
  const { metric, label, value, unit, currency, good, period, comparison, sparkline } = headline;
  const write = (short: boolean) => (value === null ? '–' : format.measure(value, unitOf(metric, unit), { currency, short }));
  return (
    <>
      <Box>
        <Typography variant="caption" color="text.secondary" component="div">{local(metricName(metric, label))} · <bdi>{format.period(period)}</bdi></Typography>
        <Typography variant="h1" component="p" title={write(false)} sx={{ my: 1 }}><bdi>{write(true)}</bdi></Typography>
        <Box sx={{ minHeight: 18 }}>
          {typeof comparison?.change === 'number' ? (
            <Change value={comparison.change} against={format.period(comparison)} good={good} />
          ) : (
            <Typography variant="caption" color="text.secondary">{t('noEarlier')}</Typography>
          )}
        </Box>
      </Box>
      <Sparkline values={sparkline.map((point) => point.value)} />
    </>
  );
}

function Reasons({ health }: { health: Told['health'] }) {
  const t = useText(texts);
  if (health.state === 'ok' || health.reasons.length === 0) return null;
  const more = health.reasons.length - REASONS;
  return (
    <Typography variant="caption" component="div" dir="auto" color={health.state === 'failed' ? 'error.main' : 'text.secondary'} sx={{ overflowWrap: 'anywhere' }}>
      {health.reasons.slice(0, REASONS).join(' ')}{more > 0 && ` ${t('moreReasons', { count: more })}`}
    </Typography>
  );
}

function Foot({ card }: { card: Told }) {
  const t = useText(texts);
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center', justifyContent: 'space-between', mt: 'auto' }}>
      <Freshness builtAt={card.freshness.built_at} asOf={card.freshness.as_of} isStale={card.freshness.stale} />
      <Typography variant="caption" color="text.secondary">{t('tables', { count: card.tables })}</Typography>
    </Box>
  );
}

/** One system: its number, against which period, how fresh and how healthy. The whole card leads to its page. */
export function SystemCard({ card }: { card: Told }) {
  const t = useText(texts);
  return (
    <Card component="li" sx={{ p: { xs: 4, md: 5 }, display: 'flex', flexDirection: 'column', gap: 3, position: 'relative', minWidth: 0, '&:hover': { bgcolor: 'surface.raised' }, '&:has(a:focus-visible)': { outline: 2, outlineColor: 'primary.main' } }}>
      <Box sx={{ display: 'flex', gap: 2, alignItems: 'flex-start', justifyContent: 'space-between' }}>
        <Typography variant="h3" component="h2" dir="auto" sx={{ minWidth: 0, overflowWrap: 'anywhere', textAlign: 'start' }}>
          <Box component={Link} to={`/systems/${card.system}`} sx={{ color: 'inherit', textDecoration: 'none', outline: 'none', '&::after': { content: '""', position: 'absolute', inset: 0, borderRadius: 1 } }}>{card.title}</Box>
          {card.registered && <Chip size="small" label={t('registered')} sx={{ ml: 2, bgcolor: 'surface.sunken', fontWeight: 500 }} />}
        </Typography>
        <HealthChip state={card.health.state} />
      </Box>
      {card.headline && <Figure headline={card.headline} />}
      {!card.headline && <Typography variant="body2" color="text.secondary" dir="auto">{card.empty_reason ?? card.about}</Typography>}
      <Reasons health={card.health} />
      <Foot card={card} />
    </Card>
  );
}

/** The room of a SystemCard. */
export function SystemCardSkeleton() {
  return (
    <Card component="li" sx={{ p: { xs: 4, md: 5 }, display: 'grid', gap: 3 }} aria-hidden>
      <Skeleton width="60%" height={20} />
      <Skeleton width="40%" height={16} />
      <Skeleton width="50%" height={34} />
      <Skeleton width="70%" height={18} />
      <Skeleton height={layout.sparkline} />
      <Skeleton width="45%" height={16} />
    </Card>
  );
}
