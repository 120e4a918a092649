import { Box, IconButton, Tooltip, Typography } from '@mui/material';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';

import { useText } from '@/i18n/text';
import { mono } from '@/theme/tokens';

import { texts } from './texts';

/** A value to be taken elsewhere: a key, a link, an address. */
export function CopyField({ value, label }: { value: string; label: string }) {
  const t = useText(texts);
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 2, bgcolor: 'surface.sunken', borderRadius: 1, pl: 3, pr: 1, minHeight: 44 }}>
      <Typography component="code" dir="ltr" aria-label={label} sx={{ fontFamily: mono, flex: 1, overflowWrap: 'anywhere', py: 2, userSelect: 'all' }}>{value}</Typography>
      <Tooltip title={isCopied ? t('copied') : t('copy')}>
        <IconButton onClick={() => void copy()} aria-label={`${t('copy')}: ${label}`}>
          {isCopied ? <Check size={18} aria-hidden /> : <Copy size={18} aria-hidden />}
        </IconButton>
      </Tooltip>
      <Box component="span" role="status" sx={{ position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' }}>{isCopied ? t('copied') : ''}</Box>
    </Box>
  );
}
