import { Box, IconButton, Popover, Typography } from '@mui/material';
import { Settings2 } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';

import { Logo } from '@/components/logo';
import { LookChoices, useLookLabel } from '@/components/look-choices';
import { usePageTitle } from '@/lib/heading';
import { layout } from '@/theme/tokens';

interface Props {
  title: string;
  text?: ReactNode;
  /** Another way to go, below the form. */
  foot?: ReactNode;
  children?: ReactNode;
}

function LookButton() {
  const label = useLookLabel();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <IconButton onClick={(event) => setAnchor(event.currentTarget)} aria-label={label} aria-expanded={anchor !== null}><Settings2 size={18} aria-hidden /></IconButton>
      <Popover open={anchor !== null} anchorEl={anchor} onClose={() => setAnchor(null)} anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }} transformOrigin={{ vertical: 'top', horizontal: 'right' }} slotProps={{ paper: { sx: { width: 264, py: 1 } } }}>
        <LookChoices />
      </Popover>
    </>
  );
}

/** What stands around every form of a person who is not signed in. */
export function AuthFrame({ title, text, foot, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  usePageTitle(title, heading);
  // Steps change without a change of page: the new heading says so.
  const [first] = useState(title);
  useEffect(() => {
    if (title !== first) heading.current?.focus();
  }, [title, first]);
  return (
    <Box sx={{ minHeight: '100dvh', display: 'grid', gridTemplateRows: 'auto 1fr auto' }}>
      <Box component="header" sx={{ display: 'flex', alignItems: 'center', justifyContent: 'space-between', px: { xs: 4, md: 8 }, height: 72 }}>
        <Logo />
        <LookButton />
      </Box>
      <Box component="main" sx={{ width: 1, maxWidth: layout.form + 64, mx: 'auto', px: { xs: 4, sm: 0 }, alignSelf: { sm: 'center' }, py: { xs: 2, sm: 6 } }}>
        <Box sx={{ p: { xs: 0, sm: 8 }, borderRadius: 1.5, bgcolor: { sm: 'background.paper' }, boxShadow: (theme) => ({ sm: theme.vars?.palette.surface.shadow }) }}>
          <Typography variant="h1" ref={heading} tabIndex={-1}>{title}</Typography>
          {text !== undefined && <Typography variant="body1" component="div" color="text.secondary" sx={{ mt: 2, textWrap: 'pretty' }}>{text}</Typography>}
          <Box sx={{ mt: 6, display: 'grid', gap: 4 }}>{children}</Box>
        </Box>
        {foot !== undefined && <Typography variant="body2" component="div" color="text.secondary" sx={{ mt: 5, textAlign: 'center' }}>{foot}</Typography>}
      </Box>
      <Box sx={{ height: { sm: 72 } }} />
    </Box>
  );
}
