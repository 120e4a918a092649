import { Box, Card, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, ShieldQuestion } from 'lucide-react';

import { qualityQuery } from '@/api/queries';
import type { QualityTable } from '@/api/types';
import { useShare } from '@/components/amount';
import { PassportStamp } from '@/components/chart-tools';
import { EmptyState } from '@/components/empty-state';
import { ErrorState } from '@/components/error-state';
import { Meter } from '@/components/meter';
import { Prose } from '@/components/prose';
import { RuleList } from '@/components/rule-list';
import { Section } from '@/components/section';
import { useText } from '@/i18n/text';
import { useCan } from '@/lib/session';

import { texts } from '../texts';
import { SqlText } from './sql-text';
import type { TabProps } from './table-page';

const PARTS = ['completeness', 'validity', 'uniqueness', 'consistency'] as const;

function Score({ found }: { found: QualityTable }) {
  const t = useText(texts);
  const share = useShare();
  if (found.score === null) return <EmptyState title={t('noScore')} text={found.empty_because ?? ''} isCompact />;
  const words = t('scoreSentence', { score: share(found.score), line: share(found.line) });
  return (
    <>
      <Typography variant="body2" sx={{ mb: 5, fontWeight: found.blocked ? 600 : 400, color: found.blocked ? 'error.main' : undefined }}>{words} {t(found.blocked ? 'heldBack' : 'published')}</Typography>
      <Box sx={{ display: 'grid', gap: 5, gridTemplateColumns: { xs: '1fr', sm: 'repeat(2, 1fr)', lg: 'repeat(4, 1fr)' } }}>
        {PARTS.map((part) => <Meter key={part} label={t(part)} about={t(`${part}About`)} share={found[part]} isLow={found[part] !== null && found[part] < found.line} />)}
      </Box>
    </>
  );
}

function Broken({ found }: { found: QualityTable }) {
  const t = useText(texts);
  const can = useCan();
  const rules = found.rules.map((rule) => ({ ...rule, table: found.table }));
  if (rules.length > 0) return <RuleList label={t('brokenRules')} rules={rules} isLinked={can('quarantine:read')} />;
  return (
    <Typography variant="body2" component="div" sx={{ display: 'flex', gap: 2, alignItems: 'center' }}>
      <Box component="span" sx={{ color: 'success.main', display: 'grid' }}><CircleCheck size={18} aria-hidden /></Box>{t('noneBroken')}
    </Typography>
  );
}

function Judged({ table }: TabProps) {
  const t = useText(texts);
  const { data, error, refetch } = useQuery(qualityQuery);
  if (error) return <Card><ErrorState error={error} onRetry={() => void refetch()} isCompact /></Card>;
  if (data === undefined) return <Card sx={{ p: 5 }}><Skeleton height={120} /></Card>;
  const found = data.tables.find((each) => each.table === table.name);
  if (found === undefined) return <Card><EmptyState icon={ShieldQuestion} title={t('noScore')} text={t('noScoreWhy')} isCompact /></Card>;
  return (
    <>
      <Section title={t('qualityTab')}><Score found={found} /><Box sx={{ mt: 5 }}><PassportStamp provenance={data.provenance} /></Box></Section>
      {found.score !== null && <Section title={t('brokenRules')}><Broken found={found} /></Section>}
    </>
  );
}

/** How good the table is, which rules rows broke, and what every version must pass. */
export default function QualityTab({ table }: TabProps) {
  const t = useText(texts);
  return (
    <>
      <Judged table={table} />
      <Section title={t('checks')} about={table.checks.length === 0 ? t('noChecks') : t('checksAbout', { count: table.checks.length })}>
        <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid' }}>
          {table.checks.map(({ rule, sql }) => (
            <Box component="li" key={rule} sx={{ display: 'grid', gap: { xs: 1, md: 5 }, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 1fr) minmax(0, 1fr)' }, py: 3, borderTop: 1, borderColor: 'divider' }}>
              <Typography variant="body2" component="div"><Prose text={rule} /></Typography>
              <SqlText sql={sql} />
            </Box>
          ))}
        </Box>
      </Section>
    </>
  );
}
