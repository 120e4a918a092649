import { Box, Button, Card, FormControlLabel, Switch, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { ErrorState } from '@/components/error-state';
import { fieldsOf } from '@/components/form-error';
import { Section } from '@/components/section';
import { useText } from '@/i18n/text';
import { useCan } from '@/lib/session';
import { layout } from '@/theme/tokens';

import { FormMessage } from '../form-message';
import { SettingsPage } from '../frame';
import { RowsSkeleton } from '../rows-skeleton';
import { sectionsOf, settingsQuery, useSave, type Plain, type Setting } from './service-queries';
import { SettingRow } from './setting-row';
import { texts } from './texts';

/** Sections whose names are words of the machine. */
const SECTIONS = ['source', 's3', 'store', 'service', 'auth', 'mail', 'sql'] as const;

type Changes = Readonly<Record<string, Plain>>;

function SaveBar({ count, isBusy, onSave, onDiscard }: { count: number; isBusy: boolean; onSave: () => void; onDiscard: () => void }) {
  const t = useText(texts);
  return (
    <Card sx={{ position: 'sticky', bottom: { xs: layout.bottomBar + 8, md: 16 }, zIndex: 2, p: 3, display: 'flex', flexWrap: 'wrap', gap: 3, alignItems: 'center', boxShadow: (theme) => theme.vars?.palette.surface.overlay }}>
      <Typography variant="body2" role="status" sx={{ flex: 1, fontWeight: 500 }}>{t('changes', { count })}</Typography>
      <Button color="inherit" onClick={onDiscard}>{t('discard')}</Button>
      <Button variant="contained" onClick={onSave} loading={isBusy}>{t('save')}</Button>
    </Card>
  );
}

function Sections({ settings, changes, errors, onChange }: { settings: readonly Setting[]; changes: Changes; errors: Readonly<Record<string, string | undefined>>; onChange: (setting: Setting, value: Plain) => void }) {
  const t = useText(texts);
  const can = useCan();
  const canWrite = can('settings:write');
  const titleOf = (name: string) => {
    const known = SECTIONS.find((section) => section === name);
    return known ? t(`section_${known}`) : name === '' ? t('general') : name;
  };
  return [...sectionsOf(settings)].map(([name, members]) => (
    <Section key={name} title={titleOf(name)}>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {members.map((setting) => <SettingRow key={setting.name} setting={setting} changed={changes[setting.name]} error={errors[setting.name]} canWrite={canWrite} onChange={(value) => onChange(setting, value)} />)}
      </Box>
    </Section>
  ));
}

/** The changes without those that lead back to what is. */
function withChange(changes: Changes, setting: Setting, value: Plain): Changes {
  const { [setting.name]: _old, ...others } = changes;
  return value === setting.value ? others : { ...others, [setting.name]: value };
}

/** Every setting of the service, and changing those that can be changed from here. */
export default function ServicePage() {
  const t = useText(texts);
  const [changes, setChanges] = useState<Changes>({});
  const [isShort, setShort] = useState(true);
  const { data, error, refetch } = useQuery(settingsQuery);
  const save = useSave();
  const count = Object.keys(changes).length;
  const settings = data?.data.filter((setting) => !isShort || setting.changeable) ?? [];
  const send = () => save.mutate(changes, { onSuccess: () => setChanges({}) });
  const discard = () => {
    setChanges({});
    save.reset();
  };
  return (
    <SettingsPage title={t('service')} answer={t('serviceAnswer')}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <RowsSkeleton />}
      {data && <FormControlLabel control={<Switch checked={isShort} onChange={(_, next) => setShort(next)} />} label={<Typography variant="body2">{t('onlyChangeable')}</Typography>} sx={{ mx: 0 }} />}
      {data && <Sections settings={settings} changes={changes} errors={fieldsOf(save.error)} onChange={(setting, value) => setChanges(withChange(changes, setting, value))} />}
      <FormMessage error={save.error} said={save.isSuccess && count === 0 ? t('saved') : undefined} />
      {count > 0 && <SaveBar count={count} isBusy={save.isPending} onSave={send} onDiscard={discard} />}
    </SettingsPage>
  );
}
