import { Alert, Button } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';

import { FormError } from '@/components/form-error';
import { useText } from '@/i18n/text';

import { AuthFrame } from './auth-frame';
import { texts } from './texts';

interface Props {
  email: string;
  onAgain: () => Promise<unknown>;
  onOther: () => void;
}

/** A mail is on its way, or not: the page does not say whether the address is known. */
export function MailSent({ email, onAgain, onOther }: Props) {
  const t = useText(texts);
  const again = useMutation({ mutationFn: onAgain });
  return (
    <AuthFrame title={t('mailTitle')} text={t('mailText', { email })} foot={<Button size="small" onClick={onOther}>{t('otherAddress')}</Button>}>
      <div aria-live="polite">
        {again.isSuccess && <Alert severity="success">{t('sentAgain')}</Alert>}
        <FormError error={again.error} />
      </div>
      <Button variant="contained" size="large" component={Link} to="/sign-in">{t('toSignIn')}</Button>
      <Button variant="outlined" size="large" onClick={() => again.mutate()} loading={again.isPending}>{t('sendAgain')}</Button>
    </AuthFrame>
  );
}
