import { Box, Button, Checkbox, IconButton, InputAdornment, ListItemText, Menu, MenuItem, TextField, Tooltip, Typography } from '@mui/material';
import { Columns3, Download, Search } from 'lucide-react';
import { useState } from 'react';

import { useText } from '@/i18n/text';
import { saveCsv } from '@/lib/download';

import type { DataTableProps } from '../data-table';
import { texts } from '../texts';
import type { Table } from './rows';

type Props<Row> = DataTableProps<Row> & { table: Table<Row>; words: string; onWords: (words: string) => void };

function ColumnMenu<Row>({ columns, table }: Props<Row>) {
  const t = useText(texts);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <Tooltip title={t('columns')}>
        <IconButton onClick={(event) => setAnchor(event.currentTarget)} aria-label={t('columns')} aria-haspopup="menu"><Columns3 size={18} aria-hidden /></IconButton>
      </Tooltip>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {columns.map((column) => (
          <MenuItem key={column.key} role="menuitemcheckbox" aria-checked={!table.hidden.has(column.key)} onClick={() => table.toggleColumn(column.key)} dense>
            <Checkbox size="small" edge="start" disableRipple checked={!table.hidden.has(column.key)} tabIndex={-1} slotProps={{ input: { 'aria-hidden': true } }} />
            <ListItemText primary={column.label} />
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}

function SaveMenu<Row>({ table, label, fileName = label, onSaveAll }: Props<Row>) {
  const t = useText(texts);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const saveSeen = () => {
    setAnchor(null);
    saveCsv(`${fileName}.csv`, table.columns.map((column) => column.label), table.rows.map((row) => table.columns.map((column) => column.value(row))));
  };
  const saveAll = () => {
    setAnchor(null);
    onSaveAll?.();
  };
  return (
    <>
      <Button variant="outlined" size="small" startIcon={<Download size={15} aria-hidden />} aria-haspopup={onSaveAll ? 'menu' : undefined} onClick={(event) => (onSaveAll ? setAnchor(event.currentTarget) : saveSeen())}>CSV</Button>
      {onSaveAll && (
        <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
          <MenuItem onClick={saveSeen}>{t('csvSeen')}</MenuItem>
          <MenuItem onClick={saveAll}>{t('csvAll')}</MenuItem>
        </Menu>
      )}
    </>
  );
}

/** Search, count, columns and files of a table. */
export function Toolbar<Row>(props: Props<Row>) {
  const t = useText(texts);
  const { table, rows, words, onWords } = props;
  const count = table.rows.length === rows.length ? t('rows', { count: rows.length }) : t('rowsOf', { shown: table.rows.length, total: rows.length });
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 2 }}>
      <TextField
        type="search"
        value={words}
        onChange={(event) => onWords(event.target.value)}
        placeholder={t('search')}
        sx={{ flex: '1 1 180px', maxWidth: 320 }}
        slotProps={{ htmlInput: { 'aria-label': t('search') }, input: { startAdornment: <InputAdornment position="start"><Search size={16} aria-hidden /></InputAdornment> } }}
      />
      <Typography variant="caption" color="text.secondary" role="status" sx={{ flex: 1, whiteSpace: 'nowrap' }}>{count}</Typography>
      <ColumnMenu {...props} />
      <SaveMenu {...props} />
    </Box>
  );
}
