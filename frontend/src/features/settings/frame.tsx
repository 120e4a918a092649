import { Box, Typography } from '@mui/material';
import { useEffect, useRef, type ReactNode } from 'react';
import { Link, useLocation } from 'react-router';

import type { Permission } from '@/api/types';
import { Page } from '@/components/page';
import { useText } from '@/i18n/text';
import { useCan } from '@/lib/session';
import { layout } from '@/theme/tokens';

import { texts, type Texts } from './texts';

interface Place {
  path: string;
  text: keyof Texts;
  permission?: Permission;
}

const YOU: readonly Place[] = [
  { path: '/settings', text: 'profile' },
  { path: '/settings/security', text: 'security' },
  { path: '/settings/sessions', text: 'sessions' },
  { path: '/settings/keys', text: 'keys' },
];

const SERVICE: readonly Place[] = [
  { path: '/settings/users', text: 'users', permission: 'users:manage' },
  { path: '/settings/systems', text: 'systems', permission: 'systems:read' },
  { path: '/settings/audit', text: 'audit', permission: 'audit:read' },
  { path: '/settings/service', text: 'service', permission: 'settings:read' },
  { path: '/settings/speed', text: 'speed', permission: 'metrics:read' },
];

function PlaceLink({ place }: { place: Place }) {
  const t = useText(texts);
  const { pathname } = useLocation();
  const link = useRef<HTMLAnchorElement>(null);
  const isHere = pathname === place.path || (place.path !== '/settings' && pathname.startsWith(`${place.path}/`));
  useEffect(() => {
    if (isHere) link.current?.scrollIntoView?.({ block: 'nearest', inline: 'center' });
  }, [isHere]);
  return (
    <Box component="li" sx={{ flexShrink: 0 }}>
      <Box
        component={Link}
        ref={link}
        to={place.path}
        aria-current={isHere ? 'page' : undefined}
        sx={{
          display: 'flex', alignItems: 'center', minHeight: { xs: layout.target, lg: layout.control }, px: 3, borderRadius: 1, whiteSpace: { xs: 'nowrap', lg: 'normal' },
          typography: 'body2', fontWeight: isHere ? 600 : 500, textDecoration: 'none',
          color: isHere ? 'text.primary' : 'text.secondary', bgcolor: isHere ? 'surface.hover' : undefined,
          '&:hover': { bgcolor: 'surface.hover', color: 'text.primary' },
        }}
      >
        {t(place.text)}
      </Box>
    </Box>
  );
}

function Group({ title, places }: { title: string; places: readonly Place[] }) {
  const can = useCan();
  const open = places.filter((place) => can(place.permission));
  if (open.length === 0) return null;
  return (
    <>
      <Typography variant="caption" color="text.secondary" component="li" sx={{ px: 3, pt: 3, pb: 1, display: { xs: 'none', lg: 'block' }, fontWeight: 500 }}>{title}</Typography>
      {open.map((place) => <PlaceLink key={place.path} place={place} />)}
    </>
  );
}

function Places() {
  const t = useText(texts);
  return (
    <Box component="nav" aria-label={t('navigation')} sx={{ minWidth: 0, mx: { xs: -4, md: 0 } }}>
      <Box
        component="ul"
        sx={{
          m: 0, p: 0, px: { xs: 4, md: 0 }, listStyle: 'none', display: 'flex', flexDirection: { lg: 'column' }, gap: 0.5,
          overflowX: { xs: 'auto', lg: 'visible' }, scrollbarWidth: 'none', position: { lg: 'sticky' }, top: layout.topBar + 16, py: 0.5,
        }}
      >
        <Group title={t('you')} places={YOU} />
        <Group title={t('shop')} places={SERVICE} />
      </Box>
    </Box>
  );
}

interface Props {
  title: string;
  answer?: ReactNode;
  actions?: ReactNode;
  back?: { to: string; label: string };
  children: ReactNode;
}

/** A page of the settings: the places beside it, its sections below one another. */
export function SettingsPage({ children, ...heading }: Props) {
  return (
    <Box sx={{ display: 'grid', gap: { xs: 4, lg: 8 }, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1fr) minmax(0, 4fr)' } }}>
      <Places />
      <Page {...heading}>{children}</Page>
    </Box>
  );
}
