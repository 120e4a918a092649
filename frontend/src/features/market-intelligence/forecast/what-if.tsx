import { Alert, Box, Button, IconButton, MenuItem, TextField, Typography } from '@mui/material';
import { Plus, Trash2 } from 'lucide-react';
import { lazy, Suspense, useId, useState, type FormEvent } from 'react';

import { FormError } from '@/components/form-error';
import { FormField } from '@/components/form-field';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';

import { ComputingLine } from '../computing';
import { lastDay } from '../periods';
import { WHAT_IF, type Plan } from '../queries';
import type { Change, Series, WhatIf } from '../types';
import { useComputed } from '../use-computed';
import { changeOf, faultsOf, firstOpen, isFaulty, type Draft, type Faults } from './plan';
import { texts, type Texts } from './texts';

const Effect = lazy(() => import('./effect'));

const KINDS = { promotion: 'kindPromotion', price: 'kindPrice', closed: 'kindClosed' } as const satisfies Record<Change['kind'], keyof Texts>;
const MOST = 5;

interface FieldsProps {
  draft: Draft;
  number: number;
  faults: Faults;
  first: string;
  last: string;
  onChange: (draft: Draft) => void;
  onRemove: (() => void) | undefined;
}

function useFaultText(first: string, last: string) {
  const t = useText(texts);
  const format = useFormat();
  return (fault: Faults[keyof Faults]) => {
    if (fault === undefined) return undefined;
    return fault === 'dayOutside' ? t('dayOutside', { first: format.date(first), last: format.date(last) }) : t(fault);
  };
}

/** One change: what, from when to when, and by how much. */
function Fields({ draft, number, faults, first, last, onChange, onRemove }: FieldsProps) {
  const t = useText(texts);
  const id = useId();
  const told = useFaultText(first, last);
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change });
  const days = { htmlInput: { min: first, max: last, dir: 'ltr' } };
  return (
    <Box component="fieldset" sx={{ m: 0, p: 0, border: 0, minWidth: 0 }}>
      <Typography component="legend" variant="h4" sx={{ p: 0, mb: 2 }}>{t('changeNumber', { number })}</Typography>
      <Box sx={{ display: 'grid', gap: 3, alignItems: 'start', gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))', lg: 'repeat(4, minmax(0, 1fr)) auto' } }}>
        <div>
          <Typography component="label" id={id} variant="body2" sx={{ display: 'block', fontWeight: 500, mb: 1 }}>{t('kind')}</Typography>
          <TextField select value={draft.kind} onChange={(event) => set({ kind: event.target.value as Change['kind'] })} slotProps={{ select: { SelectDisplayProps: { 'aria-labelledby': id } } }}>
            {Object.entries(KINDS).map(([kind, word]) => <MenuItem key={kind} value={kind}>{t(word)}</MenuItem>)}
          </TextField>
        </div>
        <FormField label={t('from')} type="date" value={draft.from} onChange={(from) => set({ from, to: draft.to < from ? from : draft.to })} error={told(faults.from)} slotProps={days} />
        <FormField label={t('to')} type="date" value={draft.to} onChange={(to) => set({ to })} error={told(faults.to)} slotProps={days} />
        {draft.kind === 'price' && <FormField label={t('priceChange')} value={draft.percent} onChange={(percent) => set({ percent })} helperText={t('priceHelp')} error={told(faults.percent)} slotProps={{ htmlInput: { inputMode: 'text', dir: 'ltr', autoComplete: 'off' } }} />}
        {onRemove && <IconButton onClick={onRemove} aria-label={t('removeChange', { number })} sx={{ alignSelf: { lg: 'end' }, gridColumn: { lg: 5 }, justifySelf: 'start' }}><Trash2 size={18} aria-hidden /></IconButton>}
      </Box>
    </Box>
  );
}

function useDrafts(start: string) {
  const [drafts, setDrafts] = useState<Draft[]>([{ id: 1, kind: 'promotion', from: start, to: start, percent: '-10' }]);
  return {
    drafts,
    replace: (draft: Draft) => setDrafts(drafts.map((each) => (each.id === draft.id ? draft : each))),
    remove: (id: number) => setDrafts(drafts.filter((each) => each.id !== id)),
    add: () => setDrafts([...drafts, { id: Math.max(...drafts.map((each) => each.id)) + 1, kind: 'price', from: start, to: start, percent: '-10' }]),
  };
}

interface Props {
  series: Series;
  horizon: number;
}

function Form({ series, horizon }: Props) {
  const t = useText(texts);
  const { grain } = series;
  const first = series.forecast[0]?.date ?? '';
  const last = lastDay(series.forecast.at(-1)?.date ?? first, grain);
  const { drafts, replace, remove, add } = useDrafts(firstOpen(series.forecast));
  const [isShown, setShown] = useState(false);
  const { ask, stop, asked, data, error, isPending, isStopped, step } = useComputed<Plan, WhatIf>(WHAT_IF);
  const faults = drafts.map((draft) => faultsOf(draft, first, last));
  const plan: Plan = { metric: series.metric, level: series.level, item: series.item, grain, horizon, changes: drafts.map(changeOf) };
  const send = (event: FormEvent) => {
    event.preventDefault();
    setShown(true);
    if (!faults.some(isFaulty)) ask(plan);
  };
  const isOld = data !== undefined && JSON.stringify(asked) !== JSON.stringify(plan);
  return (
    <Box component="form" noValidate onSubmit={send} sx={{ display: 'grid', gap: 5, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      {drafts.map((draft, index) => (
        <Fields key={draft.id} draft={draft} number={index + 1} faults={isShown ? (faults[index] ?? {}) : {}} first={first} last={last} onChange={replace} onRemove={drafts.length > 1 ? () => remove(draft.id) : undefined} />
      ))}
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
        <Button type="submit" variant="contained" loading={isPending}>{t('ask')}</Button>
        {drafts.length < MOST && <Button variant="outlined" startIcon={<Plus size={16} aria-hidden />} onClick={add}>{t('addChange')}</Button>}
      </Box>
      <ComputingLine step={step} isPending={isPending} isStopped={isStopped} onStop={stop} />
      <FormError error={error} />
      {data && isOld && !isPending && <Alert severity="info">{t('again')}</Alert>}
      {data && <Suspense fallback={null}><Effect answer={data} series={series} /></Suspense>}
    </Box>
  );
}

/** What would be expected with a promotion, another price or a closing: worked out with the stored model, kept nowhere. */
export function WhatIfPanel({ series, horizon }: Props) {
  const t = useText(texts);
  return (
    <Section title={t('whatIf')} about={t('whatIfAbout')}>
      {/* Another place or number is another plan. */}
      <Form key={`${series.level} ${series.item} ${series.metric} ${series.grain} ${series.forecast[0]?.date ?? ''}`} series={series} horizon={horizon} />
    </Section>
  );
}
