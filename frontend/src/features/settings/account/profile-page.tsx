import { Alert, Box, Button, ToggleButton, ToggleButtonGroup, Typography } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useId, useState, type FormEvent, type ReactNode } from 'react';

import { answer, api } from '@/api/client';
import type { Profile } from '@/api/types';
import { fieldsOf } from '@/components/form-error';
import { FormField } from '@/components/form-field';
import { Section } from '@/components/section';
import { LANGUAGES, NAMES, type Language } from '@/i18n/language';
import { useFormat, useLanguage, useText } from '@/i18n/text';
import { SCHEMES, useScheme, type Scheme } from '@/lib/color-scheme';
import { useSession } from '@/lib/session';
import { layout } from '@/theme/tokens';

import { FormMessage } from '../form-message';
import { SettingsPage } from '../frame';
import { ROLE_WORDS } from './roles';
import { texts } from './texts';

type Change = { name?: string; email?: string; currentPassword?: string; language?: Language; theme?: Scheme };

function useProfileChange() {
  const { update } = useSession();
  return useMutation({
    mutationFn: (body: Change) => answer(api.PATCH('/api/v1/user/profile', { body })),
    onSuccess: update,
  });
}

function Unverified({ email }: { email: string }) {
  const t = useText(texts);
  const again = useMutation({ mutationFn: () => answer(api.POST('/api/v1/auth/resend-verification', { body: { email } })) });
  if (again.isSuccess) return <Alert severity="success" role="status">{t('sentAgain')}</Alert>;
  return (
    <Alert severity="warning" action={<Button size="small" color="inherit" loading={again.isPending} onClick={() => again.mutate()}>{t('sendAgain')}</Button>}>
      {t('emailUnverified')}
    </Alert>
  );
}

function WhoForm({ profile }: { profile: Profile }) {
  const t = useText(texts);
  const [name, setName] = useState(profile.name);
  const [email, setEmail] = useState(profile.email);
  const [currentPassword, setPassword] = useState('');
  const change = useProfileChange();
  const isNewEmail = email.trim() !== profile.email;
  const isChanged = isNewEmail || name.trim() !== profile.name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { ...(name.trim() !== profile.name && { name: name.trim() }), ...(isNewEmail && { email: email.trim(), currentPassword }) };
    change.mutate(body, { onSuccess: () => setPassword('') });
  };
  const said = change.isSuccess && !isChanged ? t(change.variables.email ? 'savedVerify' : 'saved') : undefined;
  return (
    <Box component="form" onSubmit={submit} noValidate sx={{ display: 'grid', gap: 4, maxWidth: layout.form }}>
      <FormField label={t('name')} value={name} onChange={setName} autoComplete="name" required error={fieldsOf(change.error).name} />
      <FormField label={t('email')} type="email" value={email} onChange={setEmail} autoComplete="email" required helperText={t('emailHelp')} error={fieldsOf(change.error).email} />
      {isNewEmail && (
        <FormField label={t('currentPassword')} type="password" value={currentPassword} onChange={setPassword} autoComplete="current-password" required
          helperText={t('currentPasswordWhy')} error={fieldsOf(change.error).currentPassword} />
      )}
      <FormMessage error={change.error} said={said} />
      <Box>
        <Button type="submit" variant="contained" disabled={!isChanged || name.trim() === '' || (isNewEmail && currentPassword === '')} loading={change.isPending}>{t('save')}</Button>
      </Box>
    </Box>
  );
}

function Choice<T extends string>({ label, value, options, words, onChoose }: {
  label: string; value: T; options: readonly T[]; words: (option: T) => ReactNode; onChoose: (option: T) => void;
}) {
  const id = useId();
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <Typography variant="body2" id={id} sx={{ fontWeight: 500 }}>{label}</Typography>
      <ToggleButtonGroup exclusive size="small" value={value} aria-labelledby={id} onChange={(_, next: T | null) => next !== null && onChoose(next)}>
        {options.map((option) => <ToggleButton key={option} value={option} lang={LANGUAGES.includes(option as Language) ? option : undefined}>{words(option)}</ToggleButton>)}
      </ToggleButtonGroup>
    </Box>
  );
}

function Look() {
  const t = useText(texts);
  const { language, choose: chooseLanguage } = useLanguage();
  const { scheme, choose: chooseScheme } = useScheme();
  const change = useProfileChange();
  const speak = (next: Language) => {
    chooseLanguage(next);
    change.mutate({ language: next });
  };
  const paint = (next: Scheme) => {
    chooseScheme(next);
    change.mutate({ theme: next });
  };
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 6 }}>
      <Choice label={t('language')} value={language} options={LANGUAGES} words={(option) => NAMES[option]} onChoose={speak} />
      <Choice label={t('colours')} value={scheme} options={SCHEMES} words={(option) => t(option)} onChoose={paint} />
      {change.error && <FormMessage error={change.error} />}
    </Box>
  );
}

/** Who the account is of, and how the dashboard speaks and looks to them. */
export default function ProfilePage() {
  const t = useText(texts);
  const format = useFormat();
  const { profile } = useSession();
  if (profile === null) return null;
  const history = [t('memberSince', { date: format.date(profile.createdAt.slice(0, 10)) }), profile.lastLoginAt && t('lastSignIn', { ago: format.ago(profile.lastLoginAt) })];
  return (
    <SettingsPage title={t('profile')} answer={t('profileAnswer', { name: profile.name, role: t(ROLE_WORDS[profile.role]) })}>
      {!profile.emailVerified && <Unverified email={profile.email} />}
      <Section title={t('who')} about={history.filter(Boolean).join(' · ')}><WhoForm profile={profile} /></Section>
      <Section title={t('look')}><Look /></Section>
    </SettingsPage>
  );
}
