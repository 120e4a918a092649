import { Box } from '@mui/material';
import { Ellipsis, type LucideIcon } from 'lucide-react';
import { lazy, Suspense, useState, type MouseEvent } from 'react';
import { Link, useLocation } from 'react-router';

import type { KnownPage } from '@/app/features';
import { texts } from '@/app/texts';
import { useLocalText, useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { isWithin, useRailPages } from './use-rail';

const MoreMenu = lazy(() => import('./more-menu'));

const PLACES = 5;

const place = {
  display: 'grid', placeItems: 'center', alignContent: 'center', gap: 1, minWidth: 0, height: layout.bottomBar, px: 1,
  border: 0, background: 'none', font: 'inherit', fontSize: 'caption.fontSize', fontWeight: 500, textDecoration: 'none', cursor: 'pointer',
} as const;

function Face({ icon: Icon, text }: { icon: LucideIcon | undefined; text: string }) {
  return (
    <>
      {Icon && <Icon size={21} strokeWidth={1.75} aria-hidden />}
      <Box component="span" sx={{ maxWidth: 1, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>{text}</Box>
    </>
  );
}

function Place({ page }: { page: KnownPage }) {
  const local = useLocalText();
  const isHere = isWithin(useLocation().pathname, page);
  return (
    <Box component={Link} to={page.path} onPointerDown={page.prepare} aria-current={isHere ? 'page' : undefined} sx={{ ...place, color: isHere ? 'primary.main' : 'text.secondary' }}>
      <Face icon={page.nav?.icon} text={local(page.title)} />
    </Box>
  );
}

function More({ pages }: { pages: KnownPage[] }) {
  const t = useText(texts);
  const { pathname } = useLocation();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const close = () => setAnchor(null);
  const isHere = pages.some((page) => isWithin(pathname, page));
  return (
    <>
      <Box component="button" type="button" aria-haspopup="menu" aria-expanded={anchor !== null} onClick={(event: MouseEvent<HTMLElement>) => setAnchor(event.currentTarget)} sx={{ ...place, color: isHere ? 'primary.main' : 'text.secondary' }}>
        <Face icon={Ellipsis} text={t('more')} />
      </Box>
      {anchor && <Suspense fallback={null}><MoreMenu anchor={anchor} pages={pages} onClose={close} /></Suspense>}
    </>
  );
}

/** Five places at the thumb; what does not fit stands under the last. Phones only. */
export function BottomBar() {
  const t = useText(texts);
  const pages = useRailPages();
  const fits = pages.length <= PLACES;
  const [first, rest] = fits ? [pages, []] : [pages.slice(0, PLACES - 1), pages.slice(PLACES - 1)];
  return (
    <Box
      component="nav"
      aria-label={t('navigation')}
      sx={{
        display: { xs: 'grid', md: 'none' }, gridAutoFlow: 'column', gridAutoColumns: 'minmax(0, 1fr)', position: 'fixed', insetInline: 0, bottom: 0, zIndex: 'appBar',
        bgcolor: 'background.paper', borderTop: 1, borderColor: 'divider', pb: 'env(safe-area-inset-bottom)',
      }}
    >
      {first.map((page) => <Place key={page.path} page={page} />)}
      {rest.length > 0 && <More pages={rest} />}
    </Box>
  );
}
