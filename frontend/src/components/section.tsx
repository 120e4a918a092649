import { Box, Card, Typography } from '@mui/material';
import { useId, type ReactNode } from 'react';

interface Props {
  title?: string;
  about?: ReactNode;
  actions?: ReactNode;
  /** Without padding around the content: for a table. */
  isFlush?: boolean;
  children: ReactNode;
}

/** A card with a heading: the one box of the dashboard. */
export function Section({ title, about, actions, isFlush = false, children }: Props) {
  const id = useId();
  return (
    <Card component="section" aria-labelledby={title === undefined ? undefined : id} sx={{ p: { xs: 4, md: 5 }, minWidth: 0 }}>
      {(title !== undefined || actions !== undefined) && (
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 3, justifyContent: 'space-between', alignItems: 'flex-start', mb: 4 }}>
          <Box sx={{ minWidth: 0 }}>
            {title !== undefined && <Typography variant="h3" component="h2" id={id}>{title}</Typography>}
            {about !== undefined && <Typography variant="body2" component="div" color="text.secondary" sx={{ mt: 1, maxWidth: '72ch' }}>{about}</Typography>}
          </Box>
          {actions}
        </Box>
      )}
      <Box sx={isFlush ? { mx: { xs: -4, md: -5 }, mb: { xs: -4, md: -5 } } : undefined}>{children}</Box>
    </Card>
  );
}
