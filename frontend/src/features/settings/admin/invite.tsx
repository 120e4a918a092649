import { Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle, FormControlLabel, Radio, RadioGroup, Typography, Box } from '@mui/material';
import { useId, useState, type FormEvent } from 'react';

import { fieldsOf, FormError } from '@/components/form-error';
import { FormField } from '@/components/form-field';
import { useText } from '@/i18n/text';

import { texts } from './texts';
import { ROLES, useInvite, type Role } from './users-queries';

const ABOUT = { admin: 'adminAbout', manager: 'managerAbout', analyst: 'analystAbout', customer: 'customerAbout' } as const;

function RoleChoice({ role, onChoose }: { role: Role; onChoose: (role: Role) => void }) {
  const t = useText(texts);
  const id = useId();
  return (
    <Box>
      <Typography id={id} variant="body2" sx={{ fontWeight: 500 }}>{t('role')}</Typography>
      <RadioGroup aria-labelledby={id} value={role} onChange={(_, next) => onChoose(next as Role)}>
        {ROLES.map((each) => (
          <FormControlLabel key={each} value={each} control={<Radio size="small" sx={{ ml: -2 }} />} sx={{ alignItems: 'flex-start', mx: 0, py: 0.5 }}
            label={<Box sx={{ pt: 1.5 }}><Typography variant="body2">{t(each)}</Typography><Typography variant="caption" color="text.secondary">{t(ABOUT[each])}</Typography></Box>} />
        ))}
      </RadioGroup>
    </Box>
  );
}

/** Invites somebody by mail. */
export function Invite({ onClose, onInvited }: { onClose: () => void; onInvited: (email: string) => void }) {
  const t = useText(texts);
  const id = useId();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('analyst');
  const invite = useInvite();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate({ name: name.trim(), email: email.trim(), role }, { onSuccess: (user) => onInvited(user.email) });
  };
  const wrong = fieldsOf(invite.error);
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} fullWidth maxWidth="sm">
      <Box component="form" noValidate onSubmit={submit} sx={{ display: 'contents' }}>
      <DialogTitle id={id} variant="h2">{t('invite')}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 4 }}>
        <DialogContentText variant="body2">{t('inviteAbout')}</DialogContentText>
        <FormField label={t('name')} value={name} onChange={setName} error={wrong.name} autoFocus autoComplete="off" />
        <FormField label={t('email')} type="email" value={email} onChange={setEmail} error={wrong.email} autoComplete="off" />
        <RoleChoice role={role} onChoose={setRole} />
        <FormError error={invite.error} />
      </DialogContent>
      <DialogActions sx={{ p: 4 }}>
        <Button color="inherit" onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" variant="contained" disabled={name.trim() === '' || !email.includes('@')} loading={invite.isPending}>{t('sendInvite')}</Button>
      </DialogActions>
      </Box>
    </Dialog>
  );
}
