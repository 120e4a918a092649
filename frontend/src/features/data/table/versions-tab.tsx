import { Box, Button, Card, Chip, Link as MuiLink, Typography } from '@mui/material';
import { History } from 'lucide-react';
import { Link } from 'react-router';

import { EmptyState } from '@/components/empty-state';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';
import { useCan } from '@/lib/session';

import { texts } from '../texts';
import type { TabProps } from './table-page';

type Version = TabProps['table']['versions'][number];

const OPERATIONS = ['publish', 'append', 'merge', 'compact', 'delete'] as const;
const COLUMNS = '88px minmax(0, 1fr) 120px 56px auto';

function useOperation(): (operation: string) => string {
  const t = useText(texts);
  return (operation) => {
    const known = OPERATIONS.find((each) => each === operation);
    return known === undefined ? operation : t(known);
  };
}

/** Rows more or fewer than in the build before; told only where both were built whole. */
function Difference({ version, before }: { version: Version; before: Version | undefined }) {
  const t = useText(texts);
  const format = useFormat();
  if (before === undefined) return t('firstBuild');
  if (version.rows === null || before.rows === null || version.operation !== 'publish' || before.operation !== 'publish') return '';
  const difference = version.rows - before.rows;
  return difference === 0 ? t('same') : <bdi>{(difference > 0 ? '+' : '−') + format.number(Math.abs(difference))}</bdi>;
}

function Line({ version, before, isNewest }: { version: Version; before: Version | undefined; isNewest: boolean }) {
  const t = useText(texts);
  const format = useFormat();
  const can = useCan();
  const operation = useOperation();
  return (
    <Box component="li" sx={{ display: 'grid', gridTemplateColumns: { xs: 'minmax(0, 1fr) auto', md: COLUMNS }, columnGap: 4, rowGap: 1, alignItems: 'center', px: { xs: 4, md: 5 }, py: 3, borderTop: 1, borderColor: 'divider' }}>
      <Box sx={{ display: 'flex', gap: 2, alignItems: 'center' }}>
        <Typography variant="h4" component="h3"><Box component="span" sx={{ fontWeight: 400, color: 'text.secondary' }}>{t('version')}</Box> {version.version}</Typography>
      </Box>
      <Box sx={{ minWidth: 0, gridColumn: { xs: '1 / -1', md: 'auto' }, order: { xs: 1, md: 0 } }}>
        <Typography variant="body2" component="div" sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2, alignItems: 'center' }}>{operation(version.operation)}{isNewest && <Chip size="small" label={t('newest')} sx={{ bgcolor: 'tint.success', color: 'success.main' }} />}</Typography>
        <Typography variant="caption" color="text.secondary"><time dateTime={version.at}>{format.moment(version.at)} · {format.ago(version.at)}</time></Typography>
      </Box>
      <Box sx={{ textAlign: 'end' }}>
        {version.rows !== null && <Typography variant="body2" component="div" sx={{ fontWeight: 600 }}>{t('rowCount', { count: version.rows })}</Typography>}
        <Typography variant="caption" color="text.secondary"><Difference version={version} before={before} /></Typography>
      </Box>
      <Box sx={{ order: { xs: 2, md: 0 }, minHeight: { xs: 44, md: 0 }, display: 'flex', alignItems: 'center' }}>
        {version.run_id && can('runs:read') && <MuiLink component={Link} to={`/runs/${encodeURIComponent(version.run_id)}`} variant="body2" aria-label={t('openRun', { version: String(version.version) })} sx={{ display: 'inline-flex', alignItems: 'center', minHeight: { xs: 44, md: 0 } }}>{t('run')}</MuiLink>}
      </Box>
      <Button component={Link} to={isNewest ? '?tab=preview' : `?tab=preview&version=${version.version}`} size="small" variant="outlined" aria-label={t('openVersion', { version: String(version.version) })} sx={{ order: { xs: 3, md: 0 } }}>{t('openRows')}</Button>
    </Box>
  );
}

/** Every version that is kept, newest first; an older one can be opened as it was. */
export default function VersionsTab({ table }: TabProps) {
  const t = useText(texts);
  if (table.versions.length === 0) return <Card><EmptyState icon={History} title={t('noVersions')} text={t('waitsForRun')} isCompact /></Card>;
  const versions = [...table.versions].sort((one, other) => other.version - one.version);
  return (
    <Section title={t('versionsTab')} about={t('versionsAbout')} isFlush>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {versions.map((version, index) => <Line key={version.version} version={version} before={versions[index + 1]} isNewest={index === 0} />)}
      </Box>
    </Section>
  );
}
