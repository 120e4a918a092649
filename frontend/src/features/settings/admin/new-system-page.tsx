import { Box, Button } from '@mui/material';
import { Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';

import { fieldsOf, FormError } from '@/components/form-error';
import { FormField } from '@/components/form-field';
import { Section } from '@/components/section';
import { useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { SettingsPage } from '../frame';
import { Plan } from './plan';
import { emptyTable, usePlan, useRegister, type SystemDraft, type TableDraft } from './systems-queries';
import { TableForm } from './table-form';
import { texts } from './texts';

function useDraft(start: string) {
  const [draft, setDraft] = useState<SystemDraft>(() => ({ name: '', title: '', description: '', tables: [emptyTable(start)] }));
  return {
    draft,
    set: (change: Partial<SystemDraft>) => setDraft({ ...draft, ...change }),
    setTable: (next: TableDraft) => setDraft({ ...draft, tables: draft.tables.map((table) => (table.id === next.id ? next : table)) }),
    addTable: () => setDraft({ ...draft, tables: [...draft.tables, emptyTable(start)] }),
    removeTable: (id: number) => setDraft({ ...draft, tables: draft.tables.filter((table) => table.id !== id) }),
  };
}

/** A new system: its tables in SQL, checked before they are registered. */
export default function NewSystemPage() {
  const t = useText(texts);
  const navigate = useNavigate();
  const { draft, set, setTable, addTable, removeTable } = useDraft(t('tableAboutStart'));
  const plan = usePlan();
  const register = useRegister();
  const wrong = { ...fieldsOf(plan.error), ...fieldsOf(register.error) };
  const isChecked = plan.data?.ok === true && plan.variables === draft;
  const check = (event: FormEvent) => {
    event.preventDefault();
    register.reset();
    plan.mutate(draft);
  };
  const take = () => register.mutate(draft, { onSuccess: (system) => void navigate('/settings/systems', { state: { registered: system.name } }) });
  return (
    <SettingsPage title={t('newSystem')} answer={t('noSystemsText')} back={{ to: '/settings/systems', label: t('systems') }}>
      <Box component="form" onSubmit={check} noValidate sx={{ display: 'grid', gap: 5, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        <Section title={t('theSystem')}>
          <Box sx={{ display: 'grid', gap: 4, maxWidth: layout.form }}>
            <FormField label={t('systemName')} value={draft.name} onChange={(name) => set({ name })} dir="ltr" spellCheck={false} helperText={t('systemNameHelp')} error={wrong.name} />
            <FormField label={t('systemTitle')} value={draft.title} onChange={(title) => set({ title })} dir="auto" helperText={t('systemTitleHelp')} error={wrong.title} />
            <FormField label={t('description')} value={draft.description} onChange={(description) => set({ description })} dir="auto" error={wrong.description} />
          </Box>
        </Section>
        {draft.tables.map((table, index) => (
          <TableForm key={table.id} table={table} number={index + 1} wrong={(field) => wrong[field === '' ? `tables.${index}` : `tables.${index}.${field}`]} onChange={setTable} onRemove={draft.tables.length > 1 ? () => removeTable(table.id) : undefined} />
        ))}
        <Box><Button variant="outlined" startIcon={<Plus size={17} aria-hidden />} onClick={addTable}>{t('addTable')}</Button></Box>
        {plan.data && <Plan plan={plan.data} />}
        <FormError error={register.error ?? plan.error} />
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
          <Button type="submit" variant={isChecked ? 'outlined' : 'contained'} loading={plan.isPending} disabled={draft.name.trim() === ''}>{t('plan')}</Button>
          <Button variant="contained" onClick={take} loading={register.isPending} disabled={!isChecked}>{t('register')}</Button>
        </Box>
      </Box>
    </SettingsPage>
  );
}
