import { Alert, AlertTitle } from '@mui/material';

import { ApiError, OfflineError } from '@/api/problem';
import { useText } from '@/i18n/text';

import { texts } from './texts';

/** The fields that an answer refused, with why; empty for any other error. */
export function fieldsOf(error: unknown): Readonly<Record<string, string | undefined>> {
  return error instanceof ApiError ? error.fields : {};
}

/** Why a form could not be sent and what to do. What its fields say is not said twice. */
export function FormError({ error }: { error: unknown }) {
  const t = useText(texts);
  if (!error) return null;
  if (error instanceof OfflineError) return <Alert severity="error"><AlertTitle>{t('unreachable')}</AlertTitle>{t('tryLater')}</Alert>;
  if (!(error instanceof ApiError)) return <Alert severity="error">{t('wrong')}</Alert>;
  if (Object.keys(error.fields).length > 0 && error.step === '') return null;
  return (
    <Alert severity="error">
      <span dir="auto">{error.message}</span>
      {error.step !== '' && <div dir="auto">{error.step}</div>}
    </Alert>
  );
}
