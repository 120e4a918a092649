import { Box, Chip, Link as MuiLink, Tooltip, Typography } from '@mui/material';
import { EyeOff, KeyRound, UserRound } from 'lucide-react';
import { Link } from 'react-router';

import { DataTable, type Column as TableColumn } from '@/components/data-table';
import { Prose } from '@/components/prose';
import { Section } from '@/components/section';
import { useText } from '@/i18n/text';
import { mono } from '@/theme/tokens';

import { texts, type Texts } from '../texts';
import type { TabProps } from './table-page';

type Column = TabProps['table']['columns'][number];

const TYPES: Record<string, keyof Texts> = {
  string: 'typeString', int32: 'typeWhole', int64: 'typeWhole', float64: 'typeNumber', bool: 'typeBool', date: 'typeDate', timestamp: 'typeMoment',
};
const MOST_ORIGINS = 3;

/** The type of a column in the reader's words. */
export function useTypeName(): (type: string) => string {
  const t = useText(texts);
  return (type) => {
    const key = TYPES[type];
    return key === undefined ? type : (t as (key: keyof Texts) => string)(key);
  };
}

function Marks({ column, isKey }: { column: Column; isKey: boolean }) {
  const t = useText(texts);
  const person = column.person === null ? null : t(column.person === 'id' ? 'personId' : 'personDetail');
  return (
    <>
      {isKey && <Tooltip title={t('partOfKey')}><Box component="span" role="img" aria-label={t('partOfKey')} sx={{ color: 'text.secondary', display: 'inline-grid' }}><KeyRound size={14} aria-hidden /></Box></Tooltip>}
      {person && <Chip size="small" icon={<UserRound size={13} aria-hidden />} label={person} sx={{ bgcolor: 'tint.info', color: 'info.main', '& .MuiChip-icon': { color: 'inherit' } }} />}
      {column.personal_hidden && <Chip size="small" variant="outlined" icon={<EyeOff size={13} aria-hidden />} label={t('personHidden')} />}
    </>
  );
}

/** A column with its table: `raw/orders` is a source and has no page. */
function Origin({ table, column, own }: { table: string; column: string; own: string }) {
  const t = useText(texts);
  if (table === own) return <Typography variant="caption" color="text.secondary">{t('madeHere')}</Typography>;
  // A place to break the line, rather than within a name.
  const name = <>{table}{column !== '' && <>.<wbr />{column}</>}</>;
  if (table.includes('/')) return <Typography variant="caption" component="span" sx={{ fontFamily: mono, overflowWrap: 'anywhere' }}>{name}</Typography>;
  return <MuiLink component={Link} to={`/data/${encodeURIComponent(table)}`} variant="caption" sx={{ fontFamily: mono, overflowWrap: 'anywhere' }}>{name}</MuiLink>;
}

function Origins({ column, own }: { column: Column; own: string }) {
  const t = useText(texts);
  const rest = column.lineage.slice(MOST_ORIGINS);
  if (column.lineage.length === 0) return <Typography variant="caption" color="text.secondary">{t('madeHere')}</Typography>;
  return (
    <Box component="span" dir="ltr" sx={{ display: 'inline-grid', gap: 0.5, textAlign: 'start', whiteSpace: 'normal' }}>
      {column.lineage.slice(0, MOST_ORIGINS).map((origin) => <Origin key={`${origin.table}.${origin.column}`} {...origin} own={own} />)}
      {rest.length > 0 && (
        <Tooltip title={rest.map((origin) => [origin.table, origin.column].filter(Boolean).join('.')).join(', ')}>
          <Typography variant="caption" component="span" color="text.secondary" tabIndex={0}>{t('moreOrigins', { count: rest.length })}</Typography>
        </Tooltip>
      )}
    </Box>
  );
}

function useColumns({ table }: TabProps): TableColumn<Column>[] {
  const t = useText(texts);
  const typeName = useTypeName();
  return [
    {
      key: 'name', label: t('column'), value: (column) => column.name,
      render: (column) => (
        <Box component="span" sx={{ display: 'inline-flex', flexWrap: 'wrap', gap: 2, alignItems: 'center', py: 2, whiteSpace: 'normal' }}>
          <Box component="span" dir="ltr" sx={{ fontFamily: mono, fontSize: 'caption.fontSize', fontWeight: 600 }}>{column.name}</Box>
          <Marks column={column} isKey={table.key.includes(column.name)} />
        </Box>
      ),
    },
    { key: 'about', label: t('meaning'), value: (column) => column.about, render: (column) => <Box component="span" sx={{ whiteSpace: 'normal', display: 'inline-block', py: 2, minWidth: { md: 220 } }}><Prose text={column.about} /></Box> },
    { key: 'type', label: t('type'), value: (column) => typeName(column.type) },
    { key: 'blanks', label: t('blanks'), value: (column) => t(column.nullable ? 'mayBeBlank' : 'neverBlank') },
    { key: 'from', label: t('comesFrom'), value: (column) => column.lineage.map((origin) => `${origin.table}.${origin.column}`).join(' '), render: (column) => <Box component="span" sx={{ display: 'inline-block', py: 2 }}><Origins column={column} own={table.name} /></Box> },
  ];
}

/** Every column: what it means, its type, whether it tells of a person, and what it is made of. */
export default function ColumnsTab({ table }: TabProps) {
  const t = useText(texts);
  const columns = useColumns({ table });
  const personal = table.columns.filter((column) => column.person === 'detail').length;
  const about = [
    t('columnsAbout', { count: table.columns.length }),
    personal > 0 ? t('personalAbout', { count: personal }) : '',
    table.columns.some((column) => column.personal_hidden) ? t('personalHiddenAbout') : '',
  ].filter(Boolean).join(' ');
  return (
    <Section title={t('columnsTab')} about={about}>
      <DataTable label={t('columnsTab')} columns={columns} rows={table.columns} rowKey={(column) => column.name} fileName={`${table.name}-columns`} maxHeight={900} />
    </Section>
  );
}
