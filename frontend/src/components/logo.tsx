import { Box, Typography } from '@mui/material';
import { Link } from 'react-router';

/** The mark, with the name beside it where there is room. */
export function Logo({ hasName = true }: { hasName?: boolean }) {
  return (
    <Box component={Link} to="/" aria-label="omnix" sx={{ display: 'flex', alignItems: 'center', gap: 2.5, color: 'text.primary', textDecoration: 'none', borderRadius: 1 }}>
      <Box component="img" src="/favicon.svg" alt="" width={28} height={28} />
      {hasName && <Typography component="span" variant="h2" dir="ltr" sx={{ letterSpacing: '-0.03em' }}>omnix</Typography>}
    </Box>
  );
}
