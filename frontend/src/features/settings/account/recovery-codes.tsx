import { Alert, Box, Button } from '@mui/material';
import { Check, Copy, Download } from 'lucide-react';
import { useState } from 'react';

import { useText } from '@/i18n/text';
import { saveBlob } from '@/lib/download';
import { mono } from '@/theme/tokens';

import { texts } from './texts';

/** Recovery codes, shown once: to copy, to save, and to say that it is done. */
export function RecoveryCodes({ codes, onStored }: { codes: readonly string[]; onStored: () => void }) {
  const t = useText(texts);
  const [isCopied, setCopied] = useState(false);
  const all = `${codes.join('\n')}\n`;
  const copy = async () => {
    await navigator.clipboard.writeText(all);
    setCopied(true);
  };
  return (
    <Box sx={{ display: 'grid', gap: 4 }}>
      <Alert severity="warning" role="alert">{t('codesText')}</Alert>
      <Box component="ul" dir="ltr" aria-label={t('codesTitle')}
        sx={{ m: 0, p: 4, listStyle: 'none', display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' }, gap: 2, bgcolor: 'surface.sunken', borderRadius: 1, fontFamily: mono, fontSize: 'body1.fontSize' }}>
        {codes.map((code) => <li key={code}>{code}</li>)}
      </Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
        <Button variant="outlined" startIcon={isCopied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />} onClick={() => void copy()}>{t(isCopied ? 'copiedAll' : 'copyAll')}</Button>
        <Button variant="outlined" startIcon={<Download size={16} aria-hidden />} onClick={() => saveBlob(new Blob([all], { type: 'text/plain' }), 'omnix-recovery-codes.txt')}>{t('downloadAll')}</Button>
        <Button variant="contained" onClick={onStored}>{t('stored')}</Button>
      </Box>
    </Box>
  );
}
