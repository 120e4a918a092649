import { Box, Chip, Typography } from '@mui/material';
import { ChevronRight, CircleAlert, CircleX } from 'lucide-react';
import { Link } from 'react-router';

import { useText } from '@/i18n/text';

import { useAmount, useShare } from './amount';
import { Prose } from './prose';
import { ruleTexts } from './rule-texts';

/** Rows that broke the same rule of a table. */
export interface BrokenRule {
  table: string;
  rule: string;
  severity: string;
  rows: number;
  /** Of all rows that came. */
  share?: number | null;
  money_cents?: number | null;
}

const SIGNS = {
  error: { icon: CircleX, text: 'setAside', color: 'error.main', tint: 'tint.danger' },
  warning: { icon: CircleAlert, text: 'warned', color: 'warning.main', tint: 'tint.warning' },
} as const;

/** What happened to rows that broke a rule: set aside, or kept with a warning. */
export function SeverityChip({ severity }: { severity: string }) {
  const t = useText(ruleTexts);
  const { icon: Icon, text, color, tint } = SIGNS[severity === 'warning' ? 'warning' : 'error'];
  return <Chip size="small" icon={<Icon size={14} aria-hidden />} label={t(text)} sx={{ bgcolor: tint, color, '& .MuiChip-icon': { color: 'inherit' } }} />;
}

/** Where the rows of a rule are looked at. */
export function ruleLink({ table, rule, severity }: BrokenRule): string {
  return `/quarantine/${encodeURIComponent(table)}?${new URLSearchParams({ severity, rule })}`;
}

interface Props {
  label: string;
  rules: readonly BrokenRule[];
  /** Whether each rule names its table. */
  hasTable?: boolean;
  /** Leads from the count to the rows; only for who may see them. */
  isLinked: boolean;
}

const line = {
  display: 'grid', gridTemplateColumns: { xs: 'minmax(0, 1fr) auto', md: 'minmax(0, 1fr) 150px 112px 20px' }, columnGap: 4, rowGap: 1.5, alignItems: 'center',
  py: 3, minHeight: 44, borderBottom: 1, borderColor: 'divider', color: 'inherit', textDecoration: 'none',
} as const;

function Figures({ rule }: { rule: BrokenRule }) {
  const t = useText(ruleTexts);
  const amount = useAmount();
  const share = useShare();
  const notes = [
    rule.share ? share(rule.share) : '',
    rule.money_cents ? t('worth', { money: amount(rule.money_cents) }) : '',
  ].filter(Boolean);
  return (
    <Box sx={{ textAlign: 'end', gridColumn: { xs: 2, md: 3 }, gridRow: 1 }}>
      <Typography variant="body2" sx={{ fontWeight: 600, whiteSpace: 'nowrap' }}>{t('rows', { count: rule.rows })}</Typography>
      {notes.length > 0 && <Typography variant="caption" color="text.secondary" sx={{ whiteSpace: 'nowrap' }}>{notes.join(' · ')}</Typography>}
    </Box>
  );
}

function RuleLine({ rule, hasTable, isLinked }: { rule: BrokenRule; hasTable: boolean; isLinked: boolean }) {
  const content = (
    <>
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="body2" component="div" sx={{ fontWeight: 500, overflowWrap: 'anywhere' }}><Prose text={rule.rule} /></Typography>
        {hasTable && <Typography variant="caption" color="text.secondary" component="div"><bdi>{rule.table}</bdi></Typography>}
      </Box>
      <Box sx={{ gridColumn: { xs: '1 / -1', md: 2 } }}><SeverityChip severity={rule.severity} /></Box>
      <Figures rule={rule} />
      <Box sx={{ display: { xs: 'none', md: 'grid' }, color: 'text.muted', '[dir=rtl] & svg': { transform: 'scaleX(-1)' } }}>{isLinked && <ChevronRight size={16} aria-hidden />}</Box>
    </>
  );
  if (!isLinked) return <Box sx={line}>{content}</Box>;
  return <Box component={Link} to={ruleLink(rule)} sx={{ ...line, '&:hover': { bgcolor: 'surface.hover' } }}>{content}</Box>;
}

/** Rules that rows broke, each with how many and how to see them. */
export function RuleList({ label, rules, hasTable = false, isLinked }: Props) {
  return (
    <Box component="ul" aria-label={label} sx={{ listStyle: 'none', m: 0, p: 0, '& li:last-of-type > *': { borderBottom: 0 } }}>
      {rules.map((rule) => (
        <li key={`${rule.table} ${rule.severity} ${rule.rule}`}><RuleLine rule={rule} hasTable={hasTable} isLinked={isLinked} /></li>
      ))}
    </Box>
  );
}
