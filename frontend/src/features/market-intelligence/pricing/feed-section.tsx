import { Alert, Box, Button, Link as MuiLink, MenuItem, TextField, Typography } from '@mui/material';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FileDown, FileUp } from 'lucide-react';
import { useId, useRef, useState, type DragEvent } from 'react';
import { Link } from 'react-router';

import { FormError } from '@/components/form-error';
import { Prose } from '@/components/prose';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';
import { saveCsv } from '@/lib/download';
import { useCan } from '@/lib/session';

import { sendFeed, uploadQuery, type DayOrder } from '../queries';
import type { Fed } from '../types';
import { EXAMPLE_HEADER, look, MOST_BYTES, type Fault, type Feed } from './feed';
import { texts, type Texts } from './texts';

const EXAMPLE = [['1001', 'Rival Ltd', 19.9, '2026-05-01', 'EUR'], ['1002', 'Rival Ltd', 7.5, '2026-05-01T09:30:00Z', 'EUR']] as const;

const ORDERS = { shown: 'orderShown', day: 'orderDay', month: 'orderMonth' } as const satisfies Record<DayOrder, keyof Texts>;

interface Chosen {
  file: File;
  feed: Feed;
}

function Preview({ feed }: { feed: Feed }) {
  const t = useText(texts);
  return (
    <Box dir="ltr" tabIndex={0} role="group" aria-label={t('preview')} sx={{ overflowX: 'auto' }}>
      <Box component="table" sx={{ borderCollapse: 'collapse', typography: 'caption', '& th, & td': { p: 2, textAlign: 'start', borderBottom: 1, borderColor: 'divider', whiteSpace: 'nowrap' }, '& th': { fontWeight: 500, color: 'text.secondary' } }}>
        <thead><tr>{feed.columns.map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
        <tbody>{feed.preview.map((row, index) => <tr key={index}>{row.map((cell, place) => <td key={place}>{cell}</td>)}</tr>)}</tbody>
      </Box>
    </Box>
  );
}

const text = (value: unknown) => (value === null || value === undefined ? '' : String(value));

/** The rows of the file that were set aside, each with the rule that it breaks. */
function Aside({ uploadId }: { uploadId: string }) {
  const t = useText(texts);
  const { data } = useQuery(uploadQuery(uploadId));
  const rows = data?.refused ?? [];
  if (rows.length === 0) return null;
  return (
    <Box component="ul" aria-label={t('what')} tabIndex={0} sx={{ m: 0, mt: 2, p: 0, listStyle: 'none', display: 'grid', gap: 1, maxHeight: 280, overflowY: 'auto' }}>
      {rows.map((row) => (
        <Typography key={row.place} component="li" variant="body2">
          <strong>{t('place', { place: row.place })} <bdi>{[row.source_row?.product_id, row.source_row?.competitor_name].map(text).filter(Boolean).join(' · ') || row.row_key}</bdi></strong>{': '}<Prose text={row.rules} />
        </Typography>
      ))}
    </Box>
  );
}

function OrderChoice({ order, onChoose }: { order: DayOrder; onChoose: (order: DayOrder) => void }) {
  const t = useText(texts);
  const id = useId();
  return (
    <Box sx={{ maxWidth: 320 }}>
      <Typography component="label" id={id} variant="body2" sx={{ display: 'block', fontWeight: 500, mb: 1 }}>{t('order')}</Typography>
      <TextField select value={order} onChange={(event) => onChoose(event.target.value as DayOrder)} slotProps={{ select: { SelectDisplayProps: { 'aria-labelledby': id } } }}>
        {Object.entries(ORDERS).map(([value, word]) => <MenuItem key={value} value={value}>{t(word)}</MenuItem>)}
      </TextField>
    </Box>
  );
}

/** What became of each row. */
function Outcome({ fed }: { fed: Fed }) {
  const t = useText(texts);
  const can = useCan();
  return (
    <Alert severity={fed.quarantined > 0 ? 'warning' : 'success'} role="status" sx={{ '& .MuiAlert-message': { minWidth: 0, flex: 1 } }}>
      <Typography variant="body2" sx={{ fontWeight: 600 }}>{t('sent', { count: fed.rows })} {t('taken', { count: fed.accepted })}</Typography>
      {fed.known && <Typography variant="body2">{t('known')}</Typography>}
      {fed.repeated > 0 && <Typography variant="body2">{t('repeated', { count: fed.repeated })}</Typography>}
      <Typography variant="body2">{fed.quarantined > 0 ? t('aside', { count: fed.quarantined }) : t('asideNone')}</Typography>
      {fed.quarantined > 0 && can('quarantine:read') && <Aside uploadId={fed.upload_id} />}
      {fed.quarantined > 0 && <Typography variant="caption" component="p" color="text.secondary" sx={{ m: 0, mt: 2 }}>{t('uploadId')} <bdi>{fed.upload_id}</bdi></Typography>}
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 4, mt: 2 }}>
        {fed.quarantined > 0 && can('quarantine:read') && <MuiLink component={Link} to={`/quarantine/competitor_prices?upload=${encodeURIComponent(fed.upload_id)}`}>{t('toQuarantine')}</MuiLink>}
        {fed.run_id && can('runs:read') && <MuiLink component={Link} to={`/runs/${encodeURIComponent(fed.run_id)}`}>{t('openRun')}</MuiLink>}
      </Box>
    </Alert>
  );
}

function Complaint({ fault }: { fault: Fault | { fault: 'tooLarge' } }) {
  const t = useText(texts);
  const format = useFormat();
  const words = fault.fault === 'missing' ? t('missing', { columns: fault.columns, found: fault.found }) : fault.fault === 'tooLarge' ? t('tooLarge', { size: format.bytes(MOST_BYTES) }) : t(fault.fault);
  return <Alert severity="error" role="alert">{words}</Alert>;
}

/** Where a file is dropped or chosen. */
function DropPlace({ onFile }: { onFile: (file: File | undefined) => void }) {
  const t = useText(texts);
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFile(event.dataTransfer.files[0]);
  };
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <Box onDrop={drop} onDragOver={over} onDragLeave={() => setOver(false)} sx={{ border: 2, borderStyle: 'dashed', borderColor: isOver ? 'primary.main' : 'divider', bgcolor: isOver ? 'tint.info' : undefined, borderRadius: 1, p: { xs: 4, md: 6 }, display: 'grid', justifyItems: 'center', gap: 3, textAlign: 'center' }}>
      <Typography variant="body2" color="text.secondary">{t('drop')}</Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, justifyContent: 'center' }}>
        <input ref={input} type="file" accept=".csv,text/csv" hidden aria-label={t('choose')} onChange={(event) => { onFile(event.target.files?.[0]); event.target.value = ''; }} />
        <Button variant="contained" startIcon={<FileUp size={16} aria-hidden />} onClick={() => input.current?.click()}>{t('choose')}</Button>
        <Button variant="outlined" startIcon={<FileDown size={16} aria-hidden />} onClick={() => saveCsv('competitor-prices-example.csv', EXAMPLE_HEADER, EXAMPLE)}>{t('example')}</Button>
      </Box>
    </Box>
  );
}

/** A file of competitors' prices: looked at here, checked row by row by the service. */
export function FeedSection() {
  const t = useText(texts);
  const can = useCan();
  const client = useQueryClient();
  const [order, setOrder] = useState<DayOrder>('shown');
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [fault, setFault] = useState<Fault | { fault: 'tooLarge' } | null>(null);
  const { mutate, isPending, data, error, reset } = useMutation({
    mutationFn: (file: File) => sendFeed(file, order),
    onSuccess: async () => {
      setChosen(null);
      await client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'profile' });
    },
  });
  const choose = async (file: File | undefined) => {
    if (file === undefined) return;
    reset();
    setChosen(null);
    if (file.size > MOST_BYTES) return setFault({ fault: 'tooLarge' });
    const found = look(await file.text());
    setFault('fault' in found ? found : null);
    if (!('fault' in found)) setChosen({ file, feed: found });
  };
  if (!can('runs:start')) return <Section title={t('feed')} about={t('mayNot')}>{null}</Section>;
  return (
    <Section title={t('feed')} about={t('feedAbout')}>
      <Box sx={{ display: 'grid', gap: 4, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        {chosen === null ? <DropPlace onFile={(file) => void choose(file)} /> : (
          <>
            <Typography variant="body2" role="status" sx={{ fontWeight: 500 }}>{t('chosen', { file: chosen.file.name, count: chosen.feed.rows })}</Typography>
            <Preview feed={chosen.feed} />
            {chosen.feed.isTwoWay && <OrderChoice order={order} onChoose={setOrder} />}
            <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
              <Button variant="contained" loading={isPending} onClick={() => mutate(chosen.file)}>{t('send')}</Button>
              <Button variant="outlined" disabled={isPending} onClick={() => { reset(); setChosen(null); }}>{t('another')}</Button>
            </Box>
          </>
        )}
        {fault && <Complaint fault={fault} />}
        <FormError error={error} />
        {data && <Outcome fed={data} />}
      </Box>
    </Section>
  );
}
