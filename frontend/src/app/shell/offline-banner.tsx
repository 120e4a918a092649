import { Box, Button, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { CloudOff } from 'lucide-react';

import { texts } from '@/app/texts';
import { useFormat, useText } from '@/i18n/text';
import { useOfflineSince } from '@/lib/online';
import { useSession } from '@/lib/session';

/** Says that figures are old, and how old, while the service cannot be reached. */
export function OfflineBanner() {
  const t = useText(texts);
  const format = useFormat();
  const client = useQueryClient();
  const { state, retry } = useSession();
  const since = useOfflineSince();
  if (since === null && state !== 'offline') return null;
  const words = since ? t('offline', { ago: format.ago(new Date(since)) }) : t('offlineNothing');
  const again = () => void (state === 'offline' ? retry() : client.refetchQueries({ type: 'active' }));
  return (
    <Box role="status" sx={{ display: 'flex', alignItems: 'center', gap: 2, px: { xs: 4, md: 6 }, py: 1, bgcolor: 'tint.warning', color: 'text.primary' }}>
      <CloudOff size={16} aria-hidden />
      <Typography variant="body2" sx={{ flex: 1 }}>{words}</Typography>
      <Button size="small" color="inherit" onClick={again}>{t('tryAgain')}</Button>
    </Box>
  );
}
