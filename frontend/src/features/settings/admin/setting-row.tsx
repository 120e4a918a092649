import { Box, Chip, MenuItem, Switch, TextField, Typography } from '@mui/material';
import { useId } from 'react';

import { useText } from '@/i18n/text';
import { mono } from '@/theme/tokens';

import { isNumber, isSwitch, valueOf, type Plain, type Setting } from './service-queries';
import { texts } from './texts';

interface Props {
  setting: Setting;
  /** What it is about to become. */
  changed: Plain | undefined;
  error: string | undefined;
  canWrite: boolean;
  onChange: (value: Plain) => void;
}

function useRange({ minimum, maximum }: Setting): string | undefined {
  const t = useText(texts);
  if (minimum !== null && maximum !== null) return t('range', { minimum, maximum });
  return minimum === null ? undefined : t('atLeast', { minimum });
}

function Field({ setting, changed, error, onChange, labelledBy }: Omit<Props, 'canWrite'> & { labelledBy: string }) {
  const value = changed ?? setting.value ?? '';
  const range = useRange(setting);
  const common = { 'aria-labelledby': labelledBy };
  if (isSwitch(setting)) return <Switch checked={value === true} onChange={(_, isOn) => onChange(isOn)} slotProps={{ input: common }} />;
  const isChoice = setting.choices.length > 0;
  return (
    <TextField
      select={isChoice}
      value={String(value)}
      onChange={(event) => onChange(valueOf(setting, event.target.value))}
      error={error !== undefined}
      helperText={error ?? range}
      dir="ltr"
      sx={{ maxWidth: 280 }}
      slotProps={{ htmlInput: { ...common, inputMode: isNumber(setting) ? 'decimal' : undefined }, select: { SelectDisplayProps: common }, formHelperText: { dir: 'auto' } }}
    >
      {isChoice && setting.choices.map((choice) => <MenuItem key={choice} value={choice}>{choice}</MenuItem>)}
    </TextField>
  );
}

function Shown({ setting }: { setting: Setting }) {
  const t = useText(texts);
  if (setting.secret) return <>{t(setting.is_set ? 'isSet' : 'notSet')}</>;
  if (setting.value === null) return <>{t('notShown')}</>;
  return <Box component="bdi" sx={{ fontFamily: mono }}>{String(setting.value)}</Box>;
}

const ORIGINS = { default: 'isDefault', file: 'fromFile', environment: 'fromEnvironment' } as const;

function useFacts(setting: Setting): string {
  const t = useText(texts);
  const origin = setting.overridden_by ? t('overridden', { name: setting.overridden_by }) : t(ORIGINS[setting.origin]);
  const when = setting.applies && setting.changeable ? t(setting.applies === 'restart' ? 'restart' : 'nextRun') : '';
  return [origin, setting.changeable ? when : t('notHere')].filter(Boolean).join(' · ');
}

/** One setting: its meaning, its value, where that comes from, and a field where it can be changed. */
export function SettingRow({ setting, changed, error, canWrite, onChange }: Props) {
  const t = useText(texts);
  const id = useId();
  const facts = useFacts(setting);
  const isOpen = canWrite && setting.changeable && setting.overridden_by === null;
  return (
    <Box component="li" sx={{ display: 'grid', gap: { xs: 2, md: 6 }, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 3fr) minmax(0, 2fr)' }, py: 4, borderTop: 1, borderColor: 'divider', '&:first-of-type': { borderTop: 0, pt: 0 } }}>
      <Box sx={{ minWidth: 0 }}>
        <Typography id={id} variant="body2" component="div" sx={{ fontWeight: 600, display: 'flex', gap: 2, flexWrap: 'wrap', alignItems: 'center' }}>
          <bdi>{setting.name}</bdi>
          {setting.pending && <Chip size="small" label={t('pending')} sx={{ bgcolor: 'tint.warning', color: 'warning.main' }} />}
        </Typography>
        <Typography variant="body2" color="text.secondary" dir="auto">{setting.about}</Typography>
        <Typography variant="caption" color="text.secondary">{facts}</Typography>
      </Box>
      <Box sx={{ minWidth: 0 }}>
        {isOpen ? <Field setting={setting} changed={changed} error={error} onChange={onChange} labelledBy={id} /> : <Typography variant="body2" component="div" color="text.secondary" sx={{ overflowWrap: 'anywhere' }}><Shown setting={setting} /></Typography>}
      </Box>
    </Box>
  );
}
