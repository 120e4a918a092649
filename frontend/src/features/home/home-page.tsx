import { Box, Chip, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { ChartNoAxesColumn } from 'lucide-react';
import { useState } from 'react';

import { homeQuery } from '@/api/queries';
import type { Home, SystemCard as Told } from '@/api/types';
import { PassportStamp } from '@/components/chart-tools';
import { EmptyState } from '@/components/empty-state';
import { ErrorState } from '@/components/error-state';
import { Page } from '@/components/page';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';
import { useCan } from '@/lib/session';

import { useAnswer } from './answer';
import { SystemCard, SystemCardSkeleton } from './system-card';
import { texts } from './texts';
import { Waiting } from './waiting';

const FILTERS = {
  all: () => true,
  toCheck: (card: Told) => card.health.state === 'warning' || card.health.state === 'failed',
  yours: (card: Told) => card.registered,
} as const;
type Filter = keyof typeof FILTERS;

const cardGrid = { listStyle: 'none', m: 0, p: 0, display: 'grid', gap: { xs: 4, md: 5 }, gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 280px), 1fr))' } as const;

function Filters({ cards, chosen, onChoose }: { cards: readonly Told[]; chosen: Filter; onChoose: (filter: Filter) => void }) {
  const t = useText(texts);
  const counted = (Object.keys(FILTERS) as Filter[]).map((filter) => [filter, cards.filter(FILTERS[filter]).length] as const);
  // A filter that leaves out nothing, or everything, offers no choice.
  const offered = counted.filter(([filter, count]) => filter === 'all' || (count > 0 && count < cards.length));
  if (offered.length < 2) return null;
  return (
    <Box role="group" aria-label={t('filter')} sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
      {offered.map(([filter, count]) => (
        <Chip key={filter} component="button" clickable label={`${t(filter)} · ${count}`} aria-pressed={chosen === filter} onClick={() => onChoose(filter)}
          color={chosen === filter ? 'primary' : 'default'} variant={chosen === filter ? 'filled' : 'outlined'} sx={{ minHeight: { xs: 44, md: 32 } }} />
      ))}
    </Box>
  );
}

function Cards({ home }: { home: Home }) {
  const t = useText(texts);
  const [chosen, setChosen] = useState<Filter>('all');
  const cards = home.cards.filter(FILTERS[chosen]);
  const full = cards.filter((card) => card.headline !== null);
  const empty = cards.filter((card) => card.headline === null);
  return (
    <>
      <Filters cards={home.cards} chosen={chosen} onChoose={setChosen} />
      {cards.length === 0 && <Typography color="text.secondary">{t('noneHere')}</Typography>}
      {full.length > 0 && (
        <Box component="ul" aria-label={t('systems')} sx={cardGrid}>
          {full.map((card) => <SystemCard key={card.system} card={card} />)}
        </Box>
      )}
      {empty.length > 0 && <Waiting cards={empty} />}
    </>
  );
}

function NothingBuilt() {
  const t = useText(texts);
  const can = useCan();
  const action = can('runs:start') ? { label: t('toRuns'), to: '/runs?start=' } : undefined;
  return <Section><EmptyState icon={ChartNoAxesColumn} title={t('nothing')} text={t('nothingText')} action={action} /></Section>;
}

function Stamp({ home }: { home: Home }) {
  const t = useText(texts);
  const format = useFormat();
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 4, alignItems: 'center', color: 'text.secondary' }}>
      <Typography variant="caption" component="time" dateTime={home.generated_at} title={format.moment(home.generated_at)}>{t('updated', { ago: format.ago(home.generated_at) })}</Typography>
      {home.provenance.length > 0 && <PassportStamp provenance={home.provenance} />}
    </Box>
  );
}

/** The shop in one sentence, and a card for each system. Asked again every minute. */
export default function HomePage() {
  const t = useText(texts);
  const { data: home, error, refetch } = useQuery(homeQuery);
  const answer = useAnswer(home);
  const isBare = home?.cards.every((card) => card.headline === null && card.freshness.built_at === null);
  return (
    <Page title={t('title')} answer={answer}>
      {error && !home && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!home && !error && (
        <Box component="ul" aria-busy aria-label={t('systems')} sx={cardGrid}>
          {[1, 2, 3, 4, 5, 6].map((card) => <SystemCardSkeleton key={card} />)}
        </Box>
      )}
      {home && (isBare ? <NothingBuilt /> : <Cards home={home} />)}
      {home && !isBare && <Stamp home={home} />}
    </Page>
  );
}
