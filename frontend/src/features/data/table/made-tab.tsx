import { Box, Button, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Check, Copy, Workflow } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Link, useNavigate } from 'react-router';

import { PassportStamp } from '@/components/chart-tools';
import { ErrorState } from '@/components/error-state';
import { Section } from '@/components/section';
import { useText } from '@/i18n/text';

import { hasPage, TableNames } from '../lineage/lineage-list';
import { lineageQuery } from '../queries';
import { texts } from '../texts';
import { SqlText } from './sql-text';
import type { TabProps } from './table-page';

const LineageGraph = lazy(() => import('../lineage/graph'));

const HEIGHT = 440;

function CopySql({ sql }: { sql: string }) {
  const t = useText(texts);
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(sql);
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return <Button size="small" variant="outlined" startIcon={isCopied ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />} onClick={() => void copy()}>{t(isCopied ? 'copied' : 'copySql')}</Button>;
}

function Around({ table }: TabProps) {
  const t = useText(texts);
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(lineageQuery(table.name));
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} isCompact />;
  if (data === undefined) return <Skeleton height={HEIGHT} />;
  const nodes = new Map(data.nodes.map((node) => [node.name, node]));
  const readers = [...new Set(data.edges.filter((edge) => edge.from === table.name).map((edge) => edge.to))];
  const open = (name: string | null) => {
    const node = name === null ? undefined : nodes.get(name);
    if (node && hasPage(node) && node.name !== table.name) void navigate(`/data/${encodeURIComponent(node.name)}?tab=made`);
  };
  return (
    <Box sx={{ display: 'grid', gap: 5, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <Box sx={{ display: 'grid', gap: 4, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: '1fr 1fr' } }}>
        <div><Typography variant="h4" component="h3" sx={{ mb: 1 }}>{t('inputs')}</Typography><TableNames names={table.inputs} nodes={nodes} none={t('noInputs')} /></div>
        <div><Typography variant="h4" component="h3" sx={{ mb: 1 }}>{t('readBy')}</Typography><TableNames names={readers} nodes={nodes} none={t('noReaders')} /></div>
      </Box>
      <Suspense fallback={<Skeleton height={HEIGHT} />}>
        <LineageGraph lineage={data} chosen={table.name} onChoose={open} maxHeight={HEIGHT} />
      </Suspense>
    </Box>
  );
}

/** What the table is made of, and the statement that makes it. */
export default function MadeTab({ table }: TabProps) {
  const t = useText(texts);
  const whole = <Button size="small" variant="outlined" component={Link} to={`/data/lineage?table=${encodeURIComponent(table.name)}`} startIcon={<Workflow size={15} aria-hidden />}>{t('wholeLineage')}</Button>;
  return (
    <>
      <Section title={t('lineage')} actions={whole}>
        <Around table={table} />
        {table.provenance.length > 0 && <Box sx={{ mt: 4 }}><PassportStamp provenance={table.provenance} /></Box>}
      </Section>
      <Section title={t('sqlTitle')} about={table.sql === null ? t(table.layer === 'curated' ? 'mappedSql' : 'noSql') : t('sqlAbout')} actions={table.sql === null ? undefined : <CopySql sql={table.sql} />}>
        {table.sql !== null && <SqlText sql={table.sql} isBlock />}
      </Section>
    </>
  );
}
