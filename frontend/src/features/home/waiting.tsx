import { Box, Button, Typography } from '@mui/material';
import { Link } from 'react-router';

import type { SystemCard } from '@/api/types';
import { Section } from '@/components/section';
import { HealthChip } from '@/components/signs';
import { useText } from '@/i18n/text';
import { useCan } from '@/lib/session';

import { texts } from './texts';

function Waits({ card }: { card: SystemCard }) {
  const t = useText(texts);
  return (
    <Box component="li" sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 3, py: 3, borderTop: 1, borderColor: 'divider', '&:first-of-type': { borderTop: 0, pt: 0 } }}>
      <Box sx={{ flex: '1 1 260px', minWidth: 0 }}>
        <Typography variant="h4" component="h3" dir="auto" sx={{ textAlign: 'start' }}>{card.title}</Typography>
        <Typography variant="body2" color="text.secondary" dir="auto" sx={{ mt: 0.5 }}>{card.empty_reason ?? card.about}</Typography>
      </Box>
      <HealthChip state={card.health.state} reasons={card.health.reasons} />
      <Button size="small" variant="outlined" component={Link} to={`/systems/${card.system}`} aria-label={`${t('nextTables')}: ${card.title}`}>{t('nextTables')}</Button>
    </Box>
  );
}

/** Systems without a number: why, and what brings one. */
export function Waiting({ cards }: { cards: readonly SystemCard[] }) {
  const t = useText(texts);
  const can = useCan();
  const run = can('runs:start') && <Button size="small" variant="outlined" component={Link} to="/runs?start=">{t('nextRun')}</Button>;
  return (
    <Section title={t('waiting')} about={t('waitingAbout')} actions={run || undefined}>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {cards.map((card) => <Waits key={card.system} card={card} />)}
      </Box>
    </Section>
  );
}
