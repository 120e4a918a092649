import { Box } from '@mui/material';
import { useEffect, useRef, type ReactNode } from 'react';
import { Link, useLocation } from 'react-router';

import { Page } from '@/components/page';
import { useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { texts, type Texts } from './texts';

const BASE = '/market-intelligence';

const PLACES = ['forecast', 'comparison', 'scoreboard', 'trends', 'pricing', 'models'] as const satisfies readonly (keyof Texts)[];

function PlaceLink({ place }: { place: (typeof PLACES)[number] }) {
  const t = useText(texts);
  const { pathname } = useLocation();
  const link = useRef<HTMLAnchorElement>(null);
  const path = `${BASE}/${place}`;
  const isHere = pathname === path || pathname.startsWith(`${path}/`);
  useEffect(() => {
    if (isHere) link.current?.scrollIntoView?.({ block: 'nearest', inline: 'center' });
  }, [isHere]);
  return (
    <Box component="li" sx={{ flexShrink: 0 }}>
      <Box
        component={Link} ref={link} to={path} aria-current={isHere ? 'page' : undefined}
        sx={{
          display: 'flex', alignItems: 'center', minHeight: { xs: layout.target, md: layout.control }, px: 3, borderRadius: 1, whiteSpace: 'nowrap', typography: 'body2',
          fontWeight: isHere ? 600 : 500, textDecoration: 'none', color: isHere ? 'text.primary' : 'text.secondary', bgcolor: isHere ? 'surface.hover' : undefined,
          '&:hover': { bgcolor: 'surface.hover', color: 'text.primary' },
        }}
      >
        {t(place)}
      </Box>
    </Box>
  );
}

function Places() {
  const t = useText(texts);
  return (
    <Box component="nav" aria-label={t('places')} sx={{ minWidth: 0, mx: { xs: -4, md: 0 } }}>
      <Box component="ul" sx={{ m: 0, p: 0, px: { xs: 4, md: 0 }, py: 0.5, listStyle: 'none', display: 'flex', gap: 0.5, overflowX: 'auto', scrollbarWidth: 'none' }}>
        {PLACES.map((place) => <PlaceLink key={place} place={place} />)}
      </Box>
    </Box>
  );
}

interface Props {
  title: string;
  answer?: ReactNode;
  chips?: ReactNode;
  kpis?: ReactNode;
  actions?: ReactNode;
  /** Where it does not lead back to the system. */
  back?: { to: string; label: string };
  children: ReactNode;
}

/** A page of Market Intelligence: its siblings above it. */
export function MarketPage(props: Props) {
  const t = useText(texts);
  return (
    <Box sx={{ display: 'grid', gap: { xs: 3, md: 4 }, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <Places />
      <Page back={{ to: '/systems/market_intelligence', label: t('back') }} {...props} />
    </Box>
  );
}
