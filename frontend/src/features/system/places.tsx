import { Box, Card, CardActionArea, Typography } from '@mui/material';
import { ArrowRight } from 'lucide-react';
import { Link } from 'react-router';

import { useLocalText, useText } from '@/i18n/text';
import { useCan } from '@/lib/session';
import { useSystemPages } from '@/lib/system-pages';
import { layout } from '@/theme/tokens';

import { texts } from './texts';

/** Where a system has pages of its own: the way to each. */
export function SystemPlaces({ system }: { system: string }) {
  const t = useText(texts);
  const local = useLocalText();
  const can = useCan();
  const pages = useSystemPages(system).filter((page) => can(page.permission));
  if (pages.length === 0) return null;
  return (
    <Box component="nav" aria-label={t('places')}>
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 3, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))', lg: 'repeat(3, minmax(0, 1fr))' } }}>
        {pages.map((page) => (
          <Card key={page.path} component="li">
            <CardActionArea component={Link} to={page.path} sx={{ height: 1, minHeight: layout.target, borderRadius: 1, px: 4, py: 3, display: 'flex', gap: 3, alignItems: 'center', justifyContent: 'flex-start' }}>
              <Box sx={{ flex: 1, minWidth: 0 }}>
                <Typography variant="h4" component="p">{local(page.title)}</Typography>
                {page.system && <Typography variant="caption" component="p" color="text.secondary" sx={{ m: 0 }}>{local(page.system.about)}</Typography>}
              </Box>
              <Box component={ArrowRight} size={16} aria-hidden sx={{ flexShrink: 0, '[dir=rtl] &': { transform: 'scaleX(-1)' } }} />
            </CardActionArea>
          </Card>
        ))}
      </Box>
    </Box>
  );
}
