import { Button, Box, Typography } from '@mui/material';
import { CloudOff, Lock, TriangleAlert } from 'lucide-react';

import { ApiError, OfflineError } from '@/api/problem';
import { useText } from '@/i18n/text';

import { texts } from './texts';

interface Props {
  error: unknown;
  onRetry?: () => void;
  isCompact?: boolean;
}

interface Words {
  icon: typeof Lock;
  title: string;
  detail: string;
  step: string;
}

function useWords(error: unknown): Words {
  const t = useText(texts);
  if (error instanceof OfflineError) {
    return { icon: CloudOff, title: t('unreachable'), detail: '', step: t('unreachableStep') };
  }
  if (error instanceof ApiError && error.status === 403) {
    return { icon: Lock, title: t('forbidden'), detail: error.message, step: error.step || t('forbiddenStep') };
  }
  const [detail, step] = error instanceof ApiError ? [error.message, error.step] : ['', ''];
  return { icon: TriangleAlert, title: t('wrong'), detail, step };
}

/** What went wrong, what to do about it, and a way to try again. */
export function ErrorState({ error, onRetry, isCompact = false }: Props) {
  const t = useText(texts);
  const { icon: Icon, title, detail, step } = useWords(error);
  const reference = error instanceof ApiError ? error.requestId : '';
  return (
    <Box role="alert" sx={{ display: 'grid', justifyItems: 'center', textAlign: 'center', gap: 2, px: 4, py: isCompact ? 6 : 14 }}>
      <Box sx={{ color: 'error.main', bgcolor: 'tint.danger', borderRadius: '50%', p: 3, display: 'grid', mb: 1 }}>
        <Icon size={24} strokeWidth={1.5} aria-hidden />
      </Box>
      <Typography variant="h3" component="p">{title}</Typography>
      {detail !== '' && <Typography variant="body2" dir="auto" sx={{ maxWidth: '60ch' }}>{detail}</Typography>}
      {step !== '' && <Typography variant="body2" color="text.secondary" dir="auto" sx={{ maxWidth: '60ch' }}>{step}</Typography>}
      {onRetry && <Button variant="outlined" onClick={onRetry} sx={{ mt: 2 }}>{t('tryAgain')}</Button>}
      {reference !== '' && <Typography variant="caption" color="text.muted">{t('reference', { id: reference })}</Typography>}
    </Box>
  );
}
