import { Box, Button, Chip, MenuItem, Popover, TextField } from '@mui/material';
import { ListFilterPlus } from 'lucide-react';
import { useState, type FormEvent } from 'react';

import { useFormat, useText } from '@/i18n/text';

import { texts } from '../texts';
import { comparisonsOf, isBlankTest, isNumeric, isValid, type Comparison, type Filter } from './filters';

const WORDS = { eq: 'is', ne: 'isNot', like: 'contains', ge: 'atLeast', le: 'atMost', gt: 'above', lt: 'below', is_null: 'isBlank', not_null: 'isNotBlank' } as const;

/** A filter in words: `total_cents is at least 1,000`. */
export function useFilterWords(): (filter: Filter, type: string) => string {
  const t = useText(texts);
  const format = useFormat();
  return ({ column, comparison, value }, type) => {
    if (isBlankTest(comparison)) return `${column} ${t(WORDS[comparison])}`;
    const shown = isNumeric(type) ? format.number(Number(value), 6) : type === 'bool' ? t(value === 'true' ? 'yes' : 'no') : type === 'date' || type === 'timestamp' ? format.date(value) : `“${value}”`;
    return `${column} ${t(WORDS[comparison])} ${shown}`;
  };
}

interface FormProps {
  types: ReadonlyMap<string, string>;
  onAdd: (filter: Filter) => void;
  onClose: () => void;
}

function Value({ type, value, onChange, isWrong }: { type: string; value: string; onChange: (value: string) => void; isWrong: boolean }) {
  const t = useText(texts);
  if (type === 'bool') {
    return (
      <TextField select label={t('value')} value={value} onChange={(event) => onChange(event.target.value)}>
        <MenuItem value="true">{t('yes')}</MenuItem>
        <MenuItem value="false">{t('no')}</MenuItem>
      </TextField>
    );
  }
  const isDay = type === 'date' || type === 'timestamp';
  return (
    <TextField
      label={t('value')} value={value} onChange={(event) => onChange(event.target.value)} type={isDay ? 'date' : 'text'} error={isWrong} helperText={isWrong ? t('numberExpected') : undefined}
      slotProps={{ inputLabel: isDay ? { shrink: true } : {}, htmlInput: isNumeric(type) ? { inputMode: 'decimal', dir: 'ltr' } : { dir: 'auto' } }}
    />
  );
}

function Form({ types, onAdd, onClose }: FormProps) {
  const t = useText(texts);
  const [first = ''] = types.keys();
  const [draft, setDraft] = useState<Filter>({ column: first, comparison: comparisonsOf(types.get(first) ?? 'string')[0] ?? 'eq', value: '' });
  const type = types.get(draft.column) ?? 'string';
  const ok = isValid(draft, type);
  const chooseColumn = (column: string) => {
    const next = types.get(column) ?? 'string';
    setDraft({ column, comparison: comparisonsOf(next)[0] ?? 'eq', value: next === 'bool' ? 'true' : '' });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ok) return;
    onAdd(draft);
    onClose();
  };
  return (
    <Box component="form" onSubmit={submit} sx={{ p: 4, width: 300, maxWidth: '88vw', display: 'grid', gap: 4 }}>
      <TextField select label={t('column')} value={draft.column} onChange={(event) => chooseColumn(event.target.value)} autoFocus>
        {[...types.keys()].map((name) => <MenuItem key={name} value={name} dir="auto">{name}</MenuItem>)}
      </TextField>
      <TextField select label={t('comparison')} value={draft.comparison} onChange={(event) => setDraft({ ...draft, comparison: event.target.value as Comparison })}>
        {comparisonsOf(type).map((comparison) => <MenuItem key={comparison} value={comparison}>{t(WORDS[comparison])}</MenuItem>)}
      </TextField>
      {!isBlankTest(draft.comparison) && <Value type={type} value={draft.value} onChange={(value) => setDraft({ ...draft, value })} isWrong={draft.value !== '' && !ok} />}
      <Box sx={{ display: 'flex', justifyContent: 'flex-end', gap: 2 }}>
        <Button color="inherit" onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" variant="contained" disabled={!ok}>{t('apply')}</Button>
      </Box>
    </Box>
  );
}

/** A button that opens the form for one more filter. */
export function AddFilter({ types, onAdd }: Omit<FormProps, 'onClose'>) {
  const t = useText(texts);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const close = () => setAnchor(null);
  return (
    <>
      <Button variant="outlined" startIcon={<ListFilterPlus size={16} aria-hidden />} aria-haspopup="dialog" aria-expanded={anchor !== null} onClick={(event) => setAnchor(event.currentTarget)}>{t('filter')}</Button>
      <Popover open={anchor !== null} anchorEl={anchor} onClose={close} anchorOrigin={{ vertical: 'bottom', horizontal: 'left' }} slotProps={{ paper: { role: 'dialog', 'aria-label': t('addFilter'), sx: { mt: 1 } } }}>
        <Form types={types} onAdd={onAdd} onClose={close} />
      </Popover>
    </>
  );
}

/** The filters that hold, each with a way to take it back. */
export function FilterChips({ filters, types, onRemove }: { filters: readonly Filter[]; types: ReadonlyMap<string, string>; onRemove: (filter: Filter) => void }) {
  const t = useText(texts);
  const words = useFilterWords();
  return filters.map((filter) => {
    const text = words(filter, types.get(filter.column) ?? 'string');
    return (
      <Chip
        key={`${filter.column} ${filter.comparison}`} label={<bdi>{text}</bdi>} onDelete={() => onRemove(filter)} aria-label={t('removeFilter', { filter: text })}
        sx={{ height: { xs: 44, md: 36 }, bgcolor: 'tint.info', color: 'info.main', '& .MuiChip-deleteIcon': { color: 'inherit' } }}
      />
    );
  });
}
