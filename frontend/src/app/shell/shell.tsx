import { Box, Link } from '@mui/material';
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { useLocation } from 'react-router';

import { texts } from '@/app/texts';
import { useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { BottomBar } from './bottom-bar';
import { OfflineBanner } from './offline-banner';
import { Rail } from './rail';
import { TopBar } from './top-bar';
import { useCommandKey } from './use-command-key';
import { useFocusOnNavigation } from './use-focus-on-navigation';

const CommandPalette = lazy(() => import('./command-palette'));

/** What nobody waits for: measuring, and keeping the files for days without a connection. */
function startLater(): void {
  void import('@/lib/web-vitals').then(({ reportWebVitals }) => reportWebVitals());
  if (import.meta.env.PROD) void import('@/lib/offline-shell').then(({ keepShell }) => keepShell());
}

function SkipLink() {
  const t = useText(texts);
  return (
    <Link
      href="#content"
      sx={{
        position: 'fixed', top: 8, insetInlineStart: 8, zIndex: 'tooltip', p: 3, borderRadius: 1, bgcolor: 'background.paper',
        boxShadow: (theme) => theme.vars?.palette.surface.overlay, '&:not(:focus)': { clipPath: 'inset(50%)', width: '1px', height: '1px', p: 0, overflow: 'hidden' },
      }}
    >
      {t('skip')}
    </Link>
  );
}

/** What stands around every page of a signed-in person. */
export function Shell({ children }: { children: ReactNode }) {
  const main = useRef<HTMLElement>(null);
  const [isFinding, setFinding] = useState(false);
  const { pathname } = useLocation();
  useCommandKey(() => setFinding(true));
  useFocusOnNavigation(main, pathname);
  useEffect(startLater, []);
  return (
    <Box sx={{ display: 'flex', minHeight: '100dvh' }}>
      <SkipLink />
      <Rail />
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <TopBar onFind={() => setFinding(true)} />
        <OfflineBanner />
        <Box component="main" id="content" ref={main} tabIndex={-1} sx={{ maxWidth: layout.page, mx: 'auto', px: { xs: 4, md: 8 }, pt: { xs: 3, md: 4 }, pb: { xs: 24, md: 12 } }}>
          {children}
        </Box>
      </Box>
      <BottomBar />
      {isFinding && <Suspense fallback={null}><CommandPalette onClose={() => setFinding(false)} /></Suspense>}
    </Box>
  );
}
