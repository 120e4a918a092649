import { Box, ButtonBase, Collapse, InputAdornment, Skeleton, TextField, Tooltip, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { ChevronDown, Search, Table2 } from 'lucide-react';
import { useId, useState } from 'react';

import type { SqlSchema } from '@/api/types';
import { ErrorState } from '@/components/error-state';
import { useText } from '@/i18n/text';
import { layout, mono } from '@/theme/tokens';

import { schemaQuery } from './queries';
import { texts } from './texts';

type Table = SqlSchema['tables'][number];
type Insert = (text: string) => void;

const row = { display: 'flex', width: 1, gap: 2, alignItems: 'center', justifyContent: 'flex-start', textAlign: 'start', px: 2, borderRadius: 1, minHeight: { xs: layout.target, md: 30 }, '&:hover': { bgcolor: 'surface.hover' } } as const;
const firstParagraph = (about: string) => about.split('\n\n')[0]?.replaceAll('\n', ' ') ?? '';

function ColumnRow({ column, onInsert }: { column: Table['columns'][number]; onInsert: Insert }) {
  const t = useText(texts);
  return (
    <Tooltip title={<span dir="auto">{column.about}</span>} placement="left" describeChild>
      <ButtonBase onClick={() => onInsert(column.name)} aria-label={t('insert', { name: column.name })} sx={{ ...row, pl: 7 }}>
        <Typography variant="caption" component="bdi" sx={{ fontFamily: mono, flex: 1, overflowWrap: 'anywhere' }}>{column.name}</Typography>
        <Typography variant="caption" component="bdi" color="text.secondary">{column.type}</Typography>
      </ButtonBase>
    </Tooltip>
  );
}

function TableRow({ table, isOpenAtFirst, onInsert }: { table: Table; isOpenAtFirst: boolean; onInsert: Insert }) {
  const t = useText(texts);
  const id = useId();
  const [isToggled, setToggled] = useState(false);
  const isOpen = isToggled !== isOpenAtFirst;
  return (
    <Box component="li">
      <Box sx={{ display: 'flex', gap: 0.5 }}>
        <ButtonBase onClick={() => setToggled(!isToggled)} aria-expanded={isOpen} aria-controls={id} aria-label={`${table.name}: ${t('columns', { count: table.columns.length })}`} sx={{ px: 1, minWidth: 28, borderRadius: 1, minHeight: row.minHeight, color: 'text.secondary', '& svg': { transform: isOpen ? undefined : 'rotate(-90deg)' }, '[dir=rtl] & svg': { transform: isOpen ? undefined : 'rotate(90deg)' } }}>
          <ChevronDown size={15} aria-hidden />
        </ButtonBase>
        <Tooltip title={<span dir="auto">{firstParagraph(table.about)}</span>} placement="left" describeChild>
          <ButtonBase onClick={() => onInsert(table.name)} aria-label={table.built ? t('insert', { name: table.name }) : t('insertUnbuilt', { name: table.name })} sx={row}>
            <Table2 size={14} aria-hidden />
            <Typography variant="caption" component="bdi" sx={{ fontFamily: mono, fontWeight: 600, flex: 1, overflowWrap: 'anywhere' }}>{table.name}</Typography>
            {!table.built && <Typography variant="caption" color="text.secondary">{t('notBuilt')}</Typography>}
          </ButtonBase>
        </Tooltip>
      </Box>
      <Collapse in={isOpen} id={id} unmountOnExit>
        {table.columns.map((column) => <ColumnRow key={column.name} column={column} onInsert={onInsert} />)}
      </Collapse>
    </Box>
  );
}

/** Tables whose name or one of whose columns holds the words, with the columns that do. */
function found(tables: readonly Table[], words: string): Table[] {
  const wanted = words.trim().toLowerCase();
  const holds = (text: string) => text.toLowerCase().includes(wanted);
  if (wanted === '') return [...tables];
  return tables.flatMap((table) => {
    const columns = table.columns.filter((column) => holds(column.name));
    if (columns.length === 0 && !holds(table.name)) return [];
    return [{ ...table, columns: columns.length > 0 ? columns : table.columns }];
  });
}

function Tables({ schema, onInsert }: { schema: SqlSchema; onInsert: Insert }) {
  const t = useText(texts);
  const [words, setWords] = useState('');
  const shown = found(schema.tables, words);
  return (
    <>
      <TextField type="search" value={words} onChange={(event) => setWords(event.target.value)} placeholder={t('schemaSearch')}
        slotProps={{ htmlInput: { 'aria-label': t('schemaSearch') }, input: { startAdornment: <InputAdornment position="start"><Search size={16} aria-hidden /></InputAdornment> } }} />
      <Box component="ul" aria-label={t('schema')} sx={{ listStyle: 'none', m: 0, p: 0, overflow: 'auto', flex: 1, minHeight: 0 }}>
        {shown.map((table) => <TableRow key={table.name} table={table} isOpenAtFirst={words.trim() !== '' && shown.length < 6} onInsert={onInsert} />)}
      </Box>
      {shown.length === 0 && <Typography variant="body2" color="text.secondary" role="status">{t('schemaNone', { text: words })}</Typography>}
      <Typography variant="caption" color="text.secondary" title={schema.functions.join(', ')}>{t('functionsAbout', { count: schema.functions.length })}</Typography>
    </>
  );
}

/** What a query may name; a click puts it into the editor. */
export function SchemaBrowser({ onInsert }: { onInsert: Insert }) {
  const { data, error, refetch } = useQuery(schemaQuery);
  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', gap: 3, minHeight: 0, height: 1 }}>
      {data && <Tables schema={data} onInsert={onInsert} />}
      {!data && error && <ErrorState error={error} onRetry={() => void refetch()} isCompact />}
      {!data && !error && Array.from({ length: 10 }, (_, index) => <Skeleton key={index} height={24} />)}
    </Box>
  );
}
