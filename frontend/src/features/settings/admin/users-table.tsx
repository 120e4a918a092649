import { Box, Button, Chip, MenuItem, TextField, Tooltip, Typography } from '@mui/material';

import type { User } from '@/api/types';
import { DataTable, type Column } from '@/components/data-table';
import { useFormat, useText } from '@/i18n/text';
import { useSession } from '@/lib/session';

import { texts } from './texts';
import { ROLES, type Role } from './users-queries';

interface Props {
  users: readonly User[];
  isFiltered: boolean;
  onRole: (user: User, role: Role) => void;
  onEnable: (user: User) => void;
  onDisable: (user: User) => void;
}

function Person({ user }: { user: User }) {
  const t = useText(texts);
  const { profile } = useSession();
  return (
    <Box sx={{ minWidth: 0 }}>
      <Typography variant="body2" component="div" sx={{ fontWeight: 500 }}>
        <bdi>{user.name}</bdi> {user.id === profile?.id && <Typography component="span" variant="caption" color="text.secondary">({t('you')})</Typography>}
      </Typography>
      <Typography variant="caption" component="bdi" color="text.secondary">{user.email}</Typography>
    </Box>
  );
}

function State({ user }: { user: User }) {
  const t = useText(texts);
  const [word, tint, color] = user.isActive
    ? user.emailVerified ? (['active', 'tint.success', 'success.main'] as const) : (['invited', 'tint.info', 'info.main'] as const)
    : (['disabled', 'surface.sunken', 'text.secondary'] as const);
  return (
    <Box sx={{ display: 'inline-flex', gap: 1, flexWrap: 'wrap' }}>
      <Chip size="small" label={t(word)} sx={{ bgcolor: tint, color }} />
      {user.twoFactorEnabled && <Chip size="small" label={t('twoFactor')} sx={{ bgcolor: 'surface.sunken' }} />}
    </Box>
  );
}

function RoleSelect({ user, isLastAdmin, onRole }: { user: User; isLastAdmin: boolean } & Pick<Props, 'onRole'>) {
  const t = useText(texts);
  return (
    <Tooltip title={isLastAdmin ? t('lastAdmin') : ''}>
      <TextField select value={user.role} disabled={isLastAdmin || !user.isActive} onChange={(event) => onRole(user, event.target.value as Role)} sx={{ width: 150 }}
        slotProps={{ select: { SelectDisplayProps: { 'aria-label': t('roleOf', { name: user.name }) } } }}>
        {ROLES.map((role) => <MenuItem key={role} value={role}>{t(role)}</MenuItem>)}
      </TextField>
    </Tooltip>
  );
}

function Switch({ user, isLastAdmin, onEnable, onDisable }: { user: User; isLastAdmin: boolean } & Pick<Props, 'onEnable' | 'onDisable'>) {
  const t = useText(texts);
  if (!user.isActive) return <Button size="small" variant="outlined" aria-label={t('enableOf', { name: user.name })} onClick={() => onEnable(user)}>{t('enable')}</Button>;
  return (
    <Tooltip title={isLastAdmin ? t('lastAdmin') : ''}>
      <span><Button size="small" variant="outlined" color="error" disabled={isLastAdmin} aria-label={t('disableOf', { name: user.name })} onClick={() => onDisable(user)}>{t('disable')}</Button></span>
    </Tooltip>
  );
}

/** The accounts, each with its role and state; the last administrator cannot be shut out. */
export function UsersTable({ users, isFiltered, onRole, onEnable, onDisable }: Props) {
  const t = useText(texts);
  const format = useFormat();
  const admins = users.filter((user) => user.role === 'admin' && user.isActive);
  // Of a filtered list nobody can tell who is the last; then the service decides alone.
  const isLastAdmin = (user: User) => !isFiltered && admins.length === 1 && admins[0]?.id === user.id;
  const columns: Column<User>[] = [
    { key: 'name', label: t('person'), value: (user) => user.name, render: (user) => <Person user={user} /> },
    { key: 'role', label: t('role'), value: (user) => user.role, render: (user) => <RoleSelect user={user} isLastAdmin={isLastAdmin(user)} onRole={onRole} /> },
    { key: 'state', label: t('state'), value: (user) => user.isActive, render: (user) => <State user={user} /> },
    { key: 'last', label: t('lastSignIn'), value: (user) => user.lastLoginAt ?? null, render: (user) => (user.lastLoginAt ? format.ago(user.lastLoginAt) : t('never')) },
    { key: 'switch', label: t('access'), value: () => null, render: (user) => <Switch user={user} isLastAdmin={isLastAdmin(user)} onEnable={onEnable} onDisable={onDisable} /> },
  ];
  return <DataTable label={t('usersList')} columns={columns} rows={users} rowKey={(user) => user.id} isPlain empty={{ title: t('noUsers'), text: t('noUsersText') }} />;
}
