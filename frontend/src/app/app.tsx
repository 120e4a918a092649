import { CssBaseline, ThemeProvider } from '@mui/material';
import { QueryClientProvider } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { BrowserRouter } from 'react-router';

import { createQueryClient, keepLastAnswers } from '@/api/query-client';
import { LanguageProvider, useLanguage } from '@/i18n/text';
import { HeadingProvider } from '@/lib/heading';
import { SessionProvider } from '@/lib/session';
import { Direction } from '@/theme/direction';
import { createOmnixTheme } from '@/theme/theme';

import { CrashGuard } from './crash-guard';
import { Pages } from './pages';

const client = createQueryClient();
keepLastAnswers(client);

function Look({ children }: { children: ReactNode }) {
  const { direction } = useLanguage();
  const theme = useMemo(() => createOmnixTheme(direction), [direction]);
  return (
    <Direction direction={direction}>
      <ThemeProvider theme={theme} defaultMode="system" modeStorageKey="omnix.scheme" disableTransitionOnChange>
        <CssBaseline />
        {children}
      </ThemeProvider>
    </Direction>
  );
}

/** The dashboard: what every page stands in. */
export function App() {
  return (
    <QueryClientProvider client={client}>
      <LanguageProvider>
        <Look>
          <CrashGuard>
            <SessionProvider>
              <HeadingProvider>
                <BrowserRouter>
                  <Pages />
                </BrowserRouter>
              </HeadingProvider>
            </SessionProvider>
          </CrashGuard>
        </Look>
      </LanguageProvider>
    </QueryClientProvider>
  );
}
