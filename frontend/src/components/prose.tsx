import { Box } from '@mui/material';
import { Fragment } from 'react';

import { mono } from '@/theme/tokens';

/** The first sentence of a description: what one row is. */
export function firstSentence(text: string): string {
  const line = text.split(/\n\s*\n/)[0]?.replace(/\s+/g, ' ').trim() ?? '';
  return /^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line;
}

/** Words of the service: `names` between backticks are set as code. */
export function Prose({ text }: { text: string }) {
  return (
    <span dir="auto">
      {text.split('`').map((part, index) => (
        <Fragment key={index}>
          {index % 2 === 0 ? part : <Box component="code" sx={{ fontFamily: mono, fontSize: '0.92em' }}>{part}</Box>}
        </Fragment>
      ))}
    </span>
  );
}
