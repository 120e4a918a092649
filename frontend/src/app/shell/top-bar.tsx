import { Box, ButtonBase, Fade, IconButton, Typography } from '@mui/material';
import { Search } from 'lucide-react';

import { texts } from '@/app/texts';
import { Logo } from '@/components/logo';
import { useText } from '@/i18n/text';
import { useHeading } from '@/lib/heading';
import { layout } from '@/theme/tokens';

import { AccountMenu } from './account-menu';

const KEYS = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K';

function FindButton({ onFind }: { onFind: () => void }) {
  const t = useText(texts);
  return (
    <>
      <ButtonBase
        onClick={onFind}
        aria-keyshortcuts="Control+K Meta+K"
        sx={{
          display: { xs: 'none', sm: 'flex' }, gap: 2, px: 3, height: layout.control, borderRadius: 1, width: 260, justifyContent: 'flex-start',
          bgcolor: 'surface.sunken', color: 'text.secondary', '&:hover': { color: 'text.primary' },
        }}
      >
        <Search size={16} aria-hidden />
        <Typography variant="body2" component="span" sx={{ flex: 1, textAlign: 'start' }}>{t('find')}</Typography>
        <Typography variant="caption" component="kbd" aria-hidden dir="ltr" sx={{ fontFamily: 'inherit' }}>{KEYS}</Typography>
      </ButtonBase>
      <IconButton onClick={onFind} aria-label={t('find')} sx={{ display: { sm: 'none' } }}><Search size={20} aria-hidden /></IconButton>
    </>
  );
}

/** The bar above every page: its title once the heading is scrolled away, the way to find things, the account. */
export function TopBar({ onFind }: { onFind: () => void }) {
  const { title, isHidden } = useHeading();
  return (
    <Box
      component="header"
      sx={{
        position: 'sticky', top: 0, zIndex: 'appBar', height: layout.topBar, display: 'flex', alignItems: 'center', gap: 2, px: { xs: 3, md: 6 },
        bgcolor: 'background.default', borderBottom: 1, borderColor: isHidden ? 'divider' : 'transparent',
      }}
    >
      <Box sx={{ display: { md: 'none' }, ps: 1 }}><Logo hasName={!isHidden} /></Box>
      <Fade in={isHidden}>
        <Typography variant="h3" component="div" aria-hidden noWrap sx={{ flex: 1, minWidth: 0, ps: { xs: 2, md: 0 } }}>{title}</Typography>
      </Fade>
      <FindButton onFind={onFind} />
      <AccountMenu />
    </Box>
  );
}
