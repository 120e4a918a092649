import { Button } from '@mui/material';
import { Link } from 'react-router';

import { useText } from '@/i18n/text';

import { AuthFrame } from './auth-frame';
import { texts } from './texts';

/** The address has no token: it was cut when it was copied. */
export function LinkMissing() {
  const t = useText(texts);
  return (
    <AuthFrame title={t('linkMissing')} text={t('linkMissingText')}>
      <Button variant="contained" size="large" component={Link} to="/sign-in">{t('toSignIn')}</Button>
    </AuthFrame>
  );
}
