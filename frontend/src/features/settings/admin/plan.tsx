import { Alert, Box, Typography } from '@mui/material';

import { DataTable, type Column } from '@/components/data-table';
import { Section } from '@/components/section';
import { useText } from '@/i18n/text';

import type { PlannedTable, System } from './systems-queries';
import { texts } from './texts';

type Planned = PlannedTable['columns'][number];

function usePlannedColumns(): Column<Planned>[] {
  const t = useText(texts);
  const origin = (column: Planned) => column.lineage.map((each) => (each.column ? `${each.table}.${each.column}` : each.table)).join(', ');
  return [
    { key: 'name', label: t('column'), kind: 'code', value: (column) => column.name },
    { key: 'type', label: t('type'), kind: 'code', value: (column) => column.type },
    { key: 'about', label: t('meaning'), value: (column) => column.about, render: (column) => <span dir="auto">{column.about}</span> },
    { key: 'from', label: t('comesFrom'), value: origin, render: (column) => <bdi>{origin(column)}</bdi> },
  ];
}

/** What a declared system would give, table by table, or why it cannot be built. */
export function Plan({ plan }: { plan: System }) {
  const t = useText(texts);
  const columns = usePlannedColumns();
  return (
    <Section title={t(plan.ok ? 'planGood' : 'planBad')} about={t('planAbout')}>
      <Box sx={{ display: 'grid', gap: 5, gridTemplateColumns: 'minmax(0, 1fr)' }} role="status">
        {plan.tables.map((table) => (
          <Box key={table.name} sx={{ minWidth: 0 }}>
            <Typography variant="h4" component="h3"><bdi>{table.name}</bdi></Typography>
            {table.error !== null && <Alert severity="error" sx={{ mt: 2 }}><span dir="auto">{table.error} {table.step}</span></Alert>}
            {table.inputs.length > 0 && <Typography variant="caption" color="text.secondary" component="p" sx={{ m: 0, my: 1 }}>{t('reads', { tables: table.inputs.join(', ') })}</Typography>}
            {table.columns.length > 0 && <DataTable label={table.name} columns={columns} rows={table.columns} rowKey={(column) => column.name} isPlain />}
          </Box>
        ))}
      </Box>
    </Section>
  );
}
