import { Box, Button, InputAdornment, MenuItem, TextField } from '@mui/material';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Search, UserPlus } from 'lucide-react';
import { useState } from 'react';

import type { User } from '@/api/types';
import { ConfirmByTyping } from '@/components/confirm-by-typing';
import { ErrorState } from '@/components/error-state';
import { FormError } from '@/components/form-error';
import { Section } from '@/components/section';
import { useText } from '@/i18n/text';

import { FormMessage } from '../form-message';
import { SettingsPage } from '../frame';
import { RowsSkeleton } from '../rows-skeleton';
import { Invite } from './invite';
import { texts } from './texts';
import { useSettled } from './use-settled';
import { ROLES, usersQuery, useUserChange, type Role, type Wanted } from './users-queries';
import { UsersTable } from './users-table';

function Filters({ wanted, onChange }: { wanted: Wanted; onChange: (wanted: Wanted) => void }) {
  const t = useText(texts);
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 3, mb: 4 }}>
      <TextField type="search" value={wanted.search} onChange={(event) => onChange({ ...wanted, search: event.target.value })} placeholder={t('search')} sx={{ flex: '1 1 220px', maxWidth: 360 }}
        slotProps={{ htmlInput: { 'aria-label': t('search') }, input: { startAdornment: <InputAdornment position="start"><Search size={16} aria-hidden /></InputAdornment> } }} />
      <TextField select label={t('role')} value={wanted.role} onChange={(event) => onChange({ ...wanted, role: event.target.value as Role | '' })} sx={{ width: 180 }} slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}>
        <MenuItem value="">{t('anyRole')}</MenuItem>
        {ROLES.map((role) => <MenuItem key={role} value={role}>{t(role)}</MenuItem>)}
      </TextField>
    </Box>
  );
}

/** What was just done, or why it was not. */
function Said({ change, invited }: { change: ReturnType<typeof useUserChange>; invited: string }) {
  const t = useText(texts);
  if (change.error) return <FormError error={change.error} />;
  const { user: { name } = { name: '' }, role, isActive } = change.variables ?? {};
  const done = role ? t('roleChanged', { name, role: t(role) }) : t(isActive ? 'enabledSaid' : 'disabledSaid', { name });
  const words = change.isSuccess ? done : invited && t('invitedSaid', { email: invited });
  return <FormMessage error={null} said={words || undefined} />;
}

function useUsers(wanted: Wanted) {
  const search = useSettled(wanted.search.trim());
  const query = useInfiniteQuery({ ...usersQuery({ search, role: wanted.role }), placeholderData: keepPreviousData });
  return { ...query, users: query.data?.pages.flatMap((page) => page.data) };
}

/** Who may sign in: roles, invitations, disabling. */
export default function UsersPage() {
  const t = useText(texts);
  const [wanted, setWanted] = useState<Wanted>({ search: '', role: '' });
  const [isInviting, setInviting] = useState(false);
  const [invited, setInvited] = useState('');
  const [disabled, setDisabled] = useState<User | null>(null);
  const change = useUserChange();
  const { users, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useUsers(wanted);
  const act = (next: Parameters<typeof change.mutate>[0]) => {
    setInvited('');
    change.mutate(next);
  };
  const welcome = (email: string) => {
    change.reset();
    setInvited(email);
    setInviting(false);
  };
  const disable = () => {
    if (disabled) act({ user: disabled, isActive: false });
    setDisabled(null);
  };
  return (
    <SettingsPage title={t('users')} answer={t('usersAnswer')} actions={<Button variant="contained" startIcon={<UserPlus size={17} aria-hidden />} onClick={() => setInviting(true)}>{t('invite')}</Button>}>
      <Said change={change} invited={invited} />
      {error && !users && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!users && !error && <RowsSkeleton />}
      {users && (
        <Section>
          <Filters wanted={wanted} onChange={setWanted} />
          <UsersTable users={users} isFiltered={wanted.search !== '' || wanted.role !== ''} onRole={(user, role) => act({ user, role })} onEnable={(user) => act({ user, isActive: true })} onDisable={setDisabled} />
          {hasNextPage && <Button variant="outlined" loading={isFetchingNextPage} onClick={() => void fetchNextPage()} sx={{ mt: 4 }}>{t('more')}</Button>}
        </Section>
      )}
      {isInviting && <Invite onClose={() => setInviting(false)} onInvited={welcome} />}
      {disabled && (
        <ConfirmByTyping isOpen title={t('disableTitle')} word={disabled.email} action={t('disable')} onConfirm={disable} onClose={() => setDisabled(null)}>
          {t('disableText', { name: disabled.name })}
        </ConfirmByTyping>
      )}
    </SettingsPage>
  );
}
