import { Box, Button, IconButton, Typography } from '@mui/material';
import { Plus, Trash2, X } from 'lucide-react';
import { useId } from 'react';

import { FormField } from '@/components/form-field';
import { Section } from '@/components/section';
import { SqlEditor } from '@/components/sql-editor/sql-editor';
import { useText } from '@/i18n/text';

import { freshId, type TableDraft } from './systems-queries';
import { texts } from './texts';

interface Props {
  table: TableDraft;
  number: number;
  /** What the service said of a field of this table. */
  wrong: (field: string) => string | undefined;
  onChange: (table: TableDraft) => void;
  onRemove: (() => void) | undefined;
}

function Checks({ table, onChange }: Pick<Props, 'table' | 'onChange'>) {
  const t = useText(texts);
  const set = (id: number, change: object) => onChange({ ...table, checks: table.checks.map((check) => (check.id === id ? { ...check, ...change } : check)) });
  const remove = (id: number) => onChange({ ...table, checks: table.checks.filter((check) => check.id !== id) });
  const add = () => onChange({ ...table, checks: [...table.checks, { id: freshId(), rule: '', sql: '' }] });
  return (
    <Box component="fieldset" sx={{ border: 0, m: 0, p: 0, display: 'grid', gap: 3, minWidth: 0 }}>
      <Box>
        <Typography component="legend" variant="body2" sx={{ fontWeight: 500, p: 0 }}>{t('checks')}</Typography>
        <Typography variant="caption" color="text.secondary">{t('checksAbout')}</Typography>
      </Box>
      {table.checks.map((check) => (
        <Box key={check.id} sx={{ display: 'grid', gap: 3, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'minmax(0, 1fr) minmax(0, 1fr) auto' }, alignItems: 'end' }}>
          <FormField label={t('checkRule')} value={check.rule} onChange={(rule) => set(check.id, { rule })} />
          <FormField label={t('checkSql')} value={check.sql} onChange={(sql) => set(check.id, { sql })} dir="ltr" spellCheck={false} />
          <IconButton aria-label={`${t('removeCheck')}: ${check.rule}`} onClick={() => remove(check.id)}><X size={18} aria-hidden /></IconButton>
        </Box>
      ))}
      <Box><Button size="small" variant="outlined" startIcon={<Plus size={16} aria-hidden />} onClick={add}>{t('addCheck')}</Button></Box>
    </Box>
  );
}

/** One table of a system that is being declared. */
export function TableForm({ table, number, wrong, onChange, onRemove }: Props) {
  const t = useText(texts);
  const id = useId();
  const set = (change: Partial<TableDraft>) => onChange({ ...table, ...change });
  const whole = wrong('');
  const remove = onRemove && <Button size="small" color="inherit" startIcon={<Trash2 size={15} aria-hidden />} onClick={onRemove}>{t('removeTable')}</Button>;
  return (
    <Section title={t('tableNumber', { number })} actions={remove}>
      <Box sx={{ display: 'grid', gap: 4, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        <Box sx={{ display: 'grid', gap: 4, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' } }}>
          <FormField label={t('tableName')} value={table.name} onChange={(name) => set({ name })} dir="ltr" spellCheck={false} error={wrong('name')} />
          <FormField label={t('key')} value={table.key} onChange={(key) => set({ key })} dir="ltr" spellCheck={false} helperText={t('keyHelp')} error={wrong('key')} />
        </Box>
        <FormField label={t('tableAbout')} value={table.description} onChange={(description) => set({ description })} dir="auto" helperText={t('tableAboutHelp')} error={wrong('description')} />
        <Box>
          <Typography component="label" htmlFor={id} variant="body2" sx={{ display: 'block', fontWeight: 500, mb: 1 }}>{t('sql')}</Typography>
          <SqlEditor id={id} value={table.sql} onChange={(sql) => set({ sql })} label={t('sql')} minRows={6} />
          {(wrong('sql') ?? whole) && <Typography variant="caption" color="error.main" role="alert" component="div" dir="auto" sx={{ mt: 1 }}>{wrong('sql') ?? whole}</Typography>}
        </Box>
        <Checks table={table} onChange={onChange} />
      </Box>
    </Section>
  );
}
