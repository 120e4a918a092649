import { Box, IconButton, Typography } from '@mui/material';
import { PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import { Link, useLocation } from 'react-router';

import type { KnownPage } from '@/app/features';
import { texts } from '@/app/texts';
import { Logo } from '@/components/logo';
import { useLocalText, useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { isWithin, useFold, useRailPages } from './use-rail';

function RailLink({ page, isFolded }: { page: KnownPage; isFolded: boolean }) {
  const local = useLocalText();
  const { pathname } = useLocation();
  const Icon = page.nav?.icon;
  const isHere = isWithin(pathname, page);
  const title = local(page.title);
  return (
      <Box
        title={isFolded ? title : undefined}
        component={Link}
        to={page.path}
        aria-current={isHere ? 'page' : undefined}
        aria-label={isFolded ? title : undefined}
        onPointerEnter={page.prepare}
        onFocus={page.prepare}
        sx={{
          display: 'flex', alignItems: 'center', gap: 3, minHeight: 40, px: 3, borderRadius: 1,
          justifyContent: isFolded ? 'center' : undefined,
          color: isHere ? 'text.primary' : 'text.secondary', textDecoration: 'none', fontWeight: isHere ? 600 : 500,
          bgcolor: isHere ? 'surface.hover' : undefined,
          '& svg': { color: isHere ? 'primary.main' : 'inherit', flexShrink: 0 },
          '&:hover': { bgcolor: 'surface.hover', color: 'text.primary' },
        }}
      >
        {Icon && <Icon size={19} strokeWidth={1.75} aria-hidden />}
        {!isFolded && <Typography variant="body2" component="span" sx={{ fontWeight: 'inherit' }}>{title}</Typography>}
      </Box>
  );
}

function Fold({ isFolded, onToggle }: { isFolded: boolean; onToggle: () => void }) {
  const t = useText(texts);
  const label = t(isFolded ? 'expand' : 'collapse');
  const Icon = isFolded ? PanelLeftOpen : PanelLeftClose;
  return (
    <IconButton onClick={onToggle} aria-label={label} title={label} aria-expanded={!isFolded}>
      <Box component={Icon} size={18} aria-hidden sx={{ '[dir=rtl] &': { transform: 'scaleX(-1)' } }} />
    </IconButton>
  );
}

/** The left rail: icons and words, or icons alone when folded. Wide screens only. */
export function Rail() {
  const t = useText(texts);
  const pages = useRailPages();
  const [isFolded, toggle] = useFold();
  return (
    <Box component="nav" aria-label={t('navigation')} sx={{ display: { xs: 'none', md: 'block' }, flexShrink: 0, width: isFolded ? layout.railSmall : layout.rail, bgcolor: 'background.paper', borderInlineEnd: 1, borderColor: 'divider' }}>
      <Box sx={{ display: 'flex', flexDirection: 'column', position: 'sticky', top: 0, height: '100dvh', overflowY: 'auto' }}>
      <Box sx={{ height: layout.topBar, flexShrink: 0, display: 'flex', alignItems: 'center', px: isFolded ? 0 : 5, justifyContent: isFolded ? 'center' : 'flex-start' }}>
        <Logo hasName={!isFolded} />
      </Box>
      <Box sx={{ display: 'grid', gap: 0.5, px: 3, py: 2, alignContent: 'start', flex: 1 }}>
        {pages.map((page) => <RailLink key={page.path} page={page} isFolded={isFolded} />)}
      </Box>
      <Box sx={{ p: 3, display: 'flex', justifyContent: isFolded ? 'center' : 'flex-start' }}>
        <Fold isFolded={isFolded} onToggle={toggle} />
      </Box>
      </Box>
    </Box>
  );
}
