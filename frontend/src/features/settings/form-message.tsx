import { Alert } from '@mui/material';

import { FormError } from '@/components/form-error';

/** How a form's sending went: what was refused and the next step, or what was done, said politely. */
export function FormMessage({ error, said }: { error: Error | null; said?: string | undefined }) {
  return (
    <>
      <FormError error={error} />
      <div role="status">{said !== undefined && error === null && <Alert severity="success">{said}</Alert>}</div>
    </>
  );
}
