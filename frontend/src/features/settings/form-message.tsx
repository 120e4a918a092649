import { Alert, Box } from '@mui/material';

import { FormError } from '@/components/form-error';

/** How a form's sending went: what was refused and the next step, or what was done, said politely. */
export function FormMessage({ error, said }: { error: Error | null; said?: string | undefined }) {
  return (
    <>
      <FormError error={error} />
      {/* Always there, so that a screen reader hears what comes into it; empty it takes no room. */}
      <Box role="status" dir="auto" sx={{ '&:empty': { position: 'absolute' } }}>{said !== undefined && error === null && <Alert severity="success">{said}</Alert>}</Box>
    </>
  );
}
