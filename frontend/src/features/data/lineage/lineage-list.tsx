import { Box, Link as MuiLink, Typography } from '@mui/material';
import { Link } from 'react-router';

import type { Lineage } from '@/api/types';
import { Section } from '@/components/section';
import { useText } from '@/i18n/text';

import { texts } from '../texts';
import type { Node } from './graph';
import { layerOf, shortName } from './graph-box';
import { neighbours } from './layout';

const ORDER = ['raw', 'curated', 'records', 'analytics'];

/** Whether a table has a page of its own: sources and records do not. */
export const hasPage = (node: Pick<Node, 'layer'>) => ['curated', 'analytics'].includes(node.layer);

/** Names of tables, each leading to its page where it has one. */
export function TableNames({ names, nodes, none }: { names: readonly string[]; nodes: ReadonlyMap<string, Node>; none: string }) {
  if (names.length === 0) return <Typography variant="body2" component="span" color="text.secondary">{none}</Typography>;
  return (
    <Box component="span" sx={{ display: 'inline-flex', flexWrap: 'wrap', columnGap: 3, rowGap: 1 }}>
      {names.map((name) => {
        const node = nodes.get(name);
        if (node === undefined || !hasPage(node)) return <Typography key={name} variant="body2" component="span" dir="auto">{name}</Typography>;
        return <MuiLink key={name} component={Link} to={`/data/${encodeURIComponent(name)}`} variant="body2" dir="auto" sx={{ py: { xs: 3, md: 0 } }}>{name}</MuiLink>;
      })}
    </Box>
  );
}

/** The lineage in words: every table with what stands directly before and behind it. */
export function LineageList({ lineage }: { lineage: Lineage }) {
  const t = useText(texts);
  const nodes = new Map(lineage.nodes.map((node) => [node.name, node]));
  const before = neighbours(lineage.edges, 'before');
  const behind = neighbours(lineage.edges, 'behind');
  const layers = ORDER.filter((layer) => lineage.nodes.some((node) => node.layer === layer));
  return layers.map((layer) => (
    <Section key={layer} title={t(layerOf(layer).text)} isFlush>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {lineage.nodes.filter((node) => node.layer === layer).sort((one, other) => one.name.localeCompare(other.name)).map((node) => (
          <Box component="li" key={node.name} sx={{ display: 'grid', gap: { xs: 2, md: 5 }, gridTemplateColumns: { xs: '1fr', md: '220px 1fr 1fr' }, px: { xs: 4, md: 5 }, py: 3, borderTop: 1, borderColor: 'divider' }}>
            <Typography variant="h4" component="h3" sx={{ overflowWrap: 'anywhere' }}>
              {hasPage(node) ? <MuiLink component={Link} to={`/data/${encodeURIComponent(node.name)}`} color="inherit" sx={{ display: 'inline-block', py: { xs: 3.5, md: 0 } }}><bdi>{node.name}</bdi></MuiLink> : <bdi>{shortName(node.name)}</bdi>}
            </Typography>
            <div><Typography variant="caption" component="div" color="text.secondary">{t('madeFrom')}</Typography><TableNames names={before.get(node.name) ?? []} nodes={nodes} none={t('nothingBefore')} /></div>
            <div><Typography variant="caption" component="div" color="text.secondary">{t('goesInto')}</Typography><TableNames names={behind.get(node.name) ?? []} nodes={nodes} none={t('nothingBehind')} /></div>
          </Box>
        ))}
      </Box>
    </Section>
  ));
}
