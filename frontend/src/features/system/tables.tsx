import { Typography } from '@mui/material';

import type { CatalogTable } from '@/api/types';
import { DataTable, type Column } from '@/components/data-table';
import { Section } from '@/components/section';
import { HealthChip } from '@/components/signs';
import { useFormat, useText } from '@/i18n/text';

import { texts } from './texts';

/** The first paragraph says what one row is; the rest stands on the table's page. */
const firstParagraph = (about: string) => about.split('\n\n')[0]?.replaceAll('\n', ' ') ?? '';

/** The tables of a system, each with its rows, health and age. */
export function SystemTables({ tables }: { tables: readonly CatalogTable[] }) {
  const t = useText(texts);
  const format = useFormat();
  const columns: Column<CatalogTable>[] = [
    { key: 'name', label: t('table'), value: (table) => table.name, render: (table) => <bdi>{table.name}</bdi> },
    { key: 'about', label: t('about'), value: (table) => firstParagraph(table.about), render: (table) => <Typography variant="body2" component="div" color="text.secondary" dir="auto" sx={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: { md: 'nowrap' } }} title={firstParagraph(table.about)}>{firstParagraph(table.about)}</Typography> },
    { key: 'rows', label: t('rows'), kind: 'number', value: (table) => table.rows },
    { key: 'quality', label: t('quality'), kind: 'number', value: (table) => table.quality, render: (table) => (table.quality === null ? '–' : format.percent(table.quality)) },
    { key: 'health', label: t('health'), value: (table) => table.health.state, render: (table) => <HealthChip state={table.health.state} reasons={table.health.reasons} /> },
    { key: 'built', label: t('built'), value: (table) => table.built_at, render: (table) => (table.built_at ? <time dateTime={table.built_at} title={format.moment(table.built_at)}>{format.ago(table.built_at)}</time> : t('never')) },
  ];
  return (
    <Section title={t('tables')} about={t('tablesAbout')}>
      <DataTable label={t('tables')} columns={columns} rows={tables} rowKey={(table) => table.name} rowLink={(table) => `/data/${table.name}`} empty={{ text: t('noTables') }} isPlain={tables.length < 8} fileName="omnix-tables" />
    </Section>
  );
}
