import { Box, Button, Typography } from '@mui/material';
import { Inbox, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

/** The one thing to do next: go somewhere, or do it here. */
export type Action = { label: string } & ({ to: string } | { onClick: () => void });

interface Props {
  title: string;
  /** What is missing and what brings it, in a sentence or two. */
  text?: ReactNode;
  action?: Action;
  icon?: LucideIcon;
  isCompact?: boolean;
}

function ActionButton({ action }: { action: Action }) {
  if ('to' in action) {
    return <Button variant="contained" component={Link} to={action.to}>{action.label}</Button>;
  }
  return <Button variant="contained" onClick={action.onClick}>{action.label}</Button>;
}

/** A place without content: says why, and offers the next step. */
export function EmptyState({ title, text, action, icon: Icon = Inbox, isCompact = false }: Props) {
  return (
    <Box sx={{ display: 'grid', justifyItems: 'center', textAlign: 'center', gap: 3, px: 4, py: isCompact ? 6 : 14 }}>
      <Box sx={{ color: 'text.muted', display: 'grid', placeItems: 'center', bgcolor: 'surface.sunken', borderRadius: '50%', p: 3 }}>
        <Icon size={24} strokeWidth={1.5} aria-hidden />
      </Box>
      <Typography variant="h3" component="p">{title}</Typography>
      {text !== undefined && (
        <Typography variant="body2" color="text.secondary" component="div" sx={{ maxWidth: '52ch' }}>{text}</Typography>
      )}
      {action && <Box sx={{ mt: 2 }}><ActionButton action={action} /></Box>}
    </Box>
  );
}
