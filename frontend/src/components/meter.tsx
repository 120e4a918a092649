import { Box, Typography } from '@mui/material';

import { useShare } from './amount';

interface Props {
  label: string;
  /** What the share is of. */
  about?: string;
  /** 0 to 1; null where there is nothing to judge. */
  share: number | null;
  isLow?: boolean;
}

/** A share as a bar with its figure and its words. */
export function Meter({ label, about, share, isLow = false }: Props) {
  const write = useShare();
  const text = share === null ? '–' : write(share);
  return (
    <Box sx={{ display: 'grid', gap: 1, minWidth: 0 }}>
      <Box sx={{ display: 'flex', justifyContent: 'space-between', alignItems: 'baseline', gap: 2 }}>
        <Typography variant="body2" component="span" sx={{ fontWeight: 500 }}>{label}</Typography>
        <Typography variant="body2" component="span" sx={{ fontWeight: 600 }}>{text}</Typography>
      </Box>
      <Box aria-hidden sx={{ height: 6, borderRadius: 1, bgcolor: 'surface.sunken', overflow: 'hidden', display: 'flex' }}>
        <Box sx={{ borderRadius: 1, bgcolor: isLow ? 'error.main' : 'primary.main' }} style={{ width: `${(share ?? 0) * 100}%` }} />
      </Box>
      {about !== undefined && <Typography variant="caption" color="text.secondary">{about}</Typography>}
    </Box>
  );
}
