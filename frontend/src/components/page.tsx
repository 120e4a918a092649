import { Box, Button, Typography } from '@mui/material';
import { ArrowLeft } from 'lucide-react';
import { useRef, type ReactNode } from 'react';
import { Link } from 'react-router';

import { usePageTitle } from '@/lib/heading';
import { layout } from '@/theme/tokens';

interface Props {
  title: string;
  /** The page in one sentence: the answer, not a description of the page. */
  answer?: ReactNode;
  /** Period and filters; they stay in sight while the page scrolls. */
  chips?: ReactNode;
  /** At most six KpiCards. */
  kpis?: ReactNode;
  actions?: ReactNode;
  back?: { to: string; label: string };
  children?: ReactNode;
}

function Title({ title, answer, actions, back }: Omit<Props, 'chips' | 'kpis' | 'children'>) {
  const heading = useRef<HTMLHeadingElement>(null);
  usePageTitle(title, heading);
  return (
    <Box>
      {back && (
        <Button component={Link} to={back.to} size="small" color="inherit" sx={{ color: 'text.secondary', ml: -2.5, mb: 1 }}
          startIcon={<Box component={ArrowLeft} size={16} aria-hidden sx={{ '[dir=rtl] &': { transform: 'scaleX(-1)' } }} />}>
          {back.label}
        </Button>
      )}
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 3, alignItems: 'flex-start', justifyContent: 'space-between' }}>
        <Box sx={{ minWidth: 0, flex: '1 1 280px' }}>
          <Typography variant="h1" ref={heading} tabIndex={-1} data-page-heading sx={{ overflowWrap: 'anywhere' }}>{title}</Typography>
          {answer !== undefined && (
            <Typography variant="body1" component="div" color="text.secondary" sx={{ mt: 1.5, maxWidth: '72ch', textWrap: 'pretty' }}>{answer}</Typography>
          )}
        </Box>
        {actions && <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>{actions}</Box>}
      </Box>
    </Box>
  );
}

function Chips({ children }: { children: ReactNode }) {
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, position: 'sticky', top: layout.topBar, zIndex: 2, bgcolor: 'background.default', py: 2, my: -2 }}>
      {children}
    </Box>
  );
}

/** A row of KPI cards: as many columns as fit. */
export function KpiRow({ children }: { children: ReactNode }) {
  return <Box sx={{ display: 'grid', gap: { xs: 3, sm: 4 }, gridTemplateColumns: { xs: 'repeat(2, minmax(0, 1fr))', sm: 'repeat(auto-fit, minmax(200px, 1fr))' } }}>{children}</Box>;
}

/** A page: title, its one-sentence answer, chips, KPI row, then what the feature puts into it. */
export function Page({ chips, kpis, children, ...title }: Props) {
  return (
    <Box sx={{ display: 'grid', gap: { xs: 5, md: 6 }, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <Title {...title} />
      {chips && <Chips>{chips}</Chips>}
      {kpis && <KpiRow>{kpis}</KpiRow>}
      {children}
    </Box>
  );
}

/** Twelve columns on a wide screen, one on a narrow one. */
export function Columns({ children }: { children: ReactNode }) {
  return <Box sx={{ display: 'grid', gap: { xs: 4, md: 5 }, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'repeat(12, minmax(0, 1fr))' } }}>{children}</Box>;
}

/** So many of the twelve columns. */
export function Span({ of, children }: { of: number; children: ReactNode }) {
  return <Box sx={{ gridColumn: { lg: `span ${of}` }, minWidth: 0 }}>{children}</Box>;
}
