import { Chip } from '@mui/material';

/** A word beside a model's name. */
export function Sign({ text, isStrong = false }: { text: string; isStrong?: boolean }) {
  return <Chip size="small" label={text} sx={{ bgcolor: isStrong ? 'tint.success' : 'surface.sunken', color: isStrong ? 'success.main' : 'text.secondary', marginInlineStart: 2 }} />;
}
