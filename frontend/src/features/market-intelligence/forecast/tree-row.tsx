import { Box, Typography } from '@mui/material';
import { ArrowDown, ArrowUp, ChevronDown, ChevronRight, Minus } from 'lucide-react';
import { createContext, use, type KeyboardEvent } from 'react';

import { useFormat, useLanguage } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import type { LevelRow, Metric, Place } from '../types';
import type { Amounts } from '../use-amounts';
import { moveOf } from './tree-keys';

export interface Tree {
  chosen: Place;
  choose: (place: Place) => void;
  opened: ReadonlySet<string>;
  toggle: (key: string, isOpen: boolean) => void;
  amounts: Amounts;
  metric: Metric;
}

export const TreeContext = createContext<Tree | null>(null);

export function useTree(): Tree {
  const tree = use(TreeContext);
  if (tree === null) throw new Error('a row of a tree needs the tree around it');
  return tree;
}

export const keyOf = ({ level, item }: Place) => `${level}=${item}`;

const ARROWS = { up: ArrowUp, down: ArrowDown, same: Minus };

/** Next to a name: what is expected, and whether that is more or less than before. */
function Expected({ row }: { row: LevelRow }) {
  const format = useFormat();
  const { amounts } = useTree();
  if (row.forecast_28d === null) return null;
  const change = row.change ?? 0;
  const Arrow = ARROWS[Math.abs(change) < 0.0005 ? 'same' : change > 0 ? 'up' : 'down'];
  return (
    <Typography variant="caption" component="span" color="text.secondary" sx={{ display: 'inline-flex', alignItems: 'center', gap: 1, whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }}>
      <bdi>{amounts.short(row.forecast_28d)}</bdi>
      {row.change !== null && <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', minWidth: 52 }}><Arrow size={12} aria-hidden /><bdi>{change > 0 ? '+' : ''}{format.percent(change, Math.abs(change) < 0.1 ? 1 : 0)}</bdi></Box>}
    </Typography>
  );
}

function Fold({ isOpen, canOpen }: { isOpen: boolean; canOpen: boolean }) {
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return <Box component="span" aria-hidden sx={{ width: 20, flexShrink: 0, display: 'grid', placeItems: 'center', '[dir=rtl] &': { transform: 'scaleX(-1)' } }}>{canOpen && <Icon size={16} />}</Box>;
}

interface RowProps {
  id: string;
  label: string;
  depth: number;
  /** What is expected of it. */
  row?: LevelRow;
  canOpen?: boolean;
  isChosen?: boolean;
  /** Without it, choosing opens and closes. */
  onChoose?: () => void;
  tone?: 'plain' | 'quiet';
}

/** One row of the tree. */
export function TreeRow({ id, label, depth, row, canOpen = false, isChosen = false, onChoose, tone = 'plain' }: RowProps) {
  const tree = useTree();
  const { direction } = useLanguage();
  const isOpen = canOpen && tree.opened.has(id);
  const toggle = () => tree.toggle(id, !isOpen);
  const choose = onChoose ?? toggle;
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const holder = event.currentTarget.closest('[role=tree]');
    if (holder === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moveOf(holder, event.currentTarget, { key: event.key, isRightToLeft: direction === 'rtl' });
    if (move === null) return;
    event.preventDefault();
    if ('to' in move) move.to.focus();
    else if (move.act === 'choose') choose();
    else tree.toggle(id, move.act === 'open');
  };
  return (
    <Box
      role="treeitem" aria-level={depth} aria-expanded={canOpen ? isOpen : undefined} aria-selected={isChosen} data-key={id} tabIndex={-1}
      onKeyDown={press}
      onClick={(event) => {
        event.currentTarget.focus();
        choose();
      }}
      sx={{
        display: 'flex', alignItems: 'center', gap: 1, minHeight: { xs: layout.target, md: layout.control }, paddingInlineStart: (depth - 1) * 4, paddingInlineEnd: 2,
        borderRadius: 1, cursor: 'pointer', typography: 'body2', fontWeight: isChosen ? 600 : tone === 'quiet' ? 400 : 500,
        color: tone === 'quiet' ? 'text.secondary' : 'text.primary', bgcolor: isChosen ? 'surface.hover' : undefined, '&:hover': { bgcolor: 'surface.hover' },
        scrollMarginBlock: '8px',
      }}
    >
      <Box component="span" sx={{ display: 'flex', flexShrink: 0 }} onClick={(event) => {
        if (!canOpen || onChoose === undefined) return;
        event.stopPropagation();
        toggle();
      }}>
        <Fold isOpen={isOpen} canOpen={canOpen} />
      </Box>
      <Box component="span" sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}><bdi>{label}</bdi></Box>
      {row && <Expected row={row} />}
    </Box>
  );
}
