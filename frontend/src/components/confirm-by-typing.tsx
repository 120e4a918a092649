import { Box, Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle, TextField } from '@mui/material';
import { useId, useState, type FormEvent, type ReactNode } from 'react';

import { useText } from '@/i18n/text';

import { texts } from './texts';

interface Props {
  isOpen: boolean;
  title: string;
  /** What will be gone, and what stays. */
  children: ReactNode;
  /** The word to type: the name of what is about to go. */
  word: string;
  action: string;
  isBusy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be undone: the name must be typed. */
export function ConfirmByTyping({ isOpen, title, children, word, action, isBusy = false, onConfirm, onClose }: Props) {
  const t = useText(texts);
  const id = useId();
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() === word) onConfirm();
  };
  const close = () => {
    setTyped('');
    onClose();
  };
  return (
    <Dialog open={isOpen} onClose={close} aria-labelledby={id} fullWidth maxWidth="xs">
      <Box component="form" noValidate onSubmit={submit} sx={{ display: 'contents' }}>
      <DialogTitle id={id} variant="h2">{title}</DialogTitle>
      <DialogContent>
        <DialogContentText variant="body2" component="div" sx={{ mb: 4 }}>{children}</DialogContentText>
        <TextField label={t('typeToConfirm', { word })} value={typed} onChange={(event) => setTyped(event.target.value)} autoFocus autoComplete="off" margin="dense" />
      </DialogContent>
      <DialogActions sx={{ p: 4 }}>
        <Button color="inherit" onClick={close}>{t('cancel')}</Button>
        <Button type="submit" color="error" variant="contained" disabled={typed.trim() !== word} loading={isBusy}>{action}</Button>
      </DialogActions>
      </Box>
    </Dialog>
  );
}
