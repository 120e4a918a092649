import { Box, InputAdornment, TextField, Typography } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useMemo, useRef, useState, type FocusEvent, type ReactNode } from 'react';

import { useText } from '@/i18n/text';
import { useSettled } from '@/lib/use-settled';

import { usePlaceName } from '../names';
import { levelsQuery, type Branch } from '../queries';
import { texts as shared } from '../texts';
import type { LevelRow, Metric, Place } from '../types';
import { useAmounts } from '../use-amounts';
import { useHasStores } from '../use-has-stores';
import { texts } from './texts';
import { keyOf, TreeContext, TreeRow, useTree, type Tree } from './tree-row';

const SHOP: Place = { level: 'shop', item: '' };
/** Between the last letter typed and the question. */
const PAUSE = 250;

function PlaceRow({ row, depth, canOpen = false }: { row: LevelRow; depth: number; canOpen?: boolean }) {
  const { chosen, choose } = useTree();
  const name = usePlaceName();
  const isChosen = keyOf(chosen) === keyOf(row);
  return <TreeRow id={keyOf(row)} label={name(row)} depth={depth} row={row} canOpen={canOpen} isChosen={isChosen} onChoose={() => choose({ level: row.level, item: row.item })} />;
}

/** The rows of a branch as they come; whoever wants more of them chooses the last row. */
function Rows({ branch, depth }: { branch: Branch; depth: number }) {
  const t = useText(texts);
  const { opened } = useTree();
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(levelsQuery(branch));
  const id = `${branch.level ?? ''} ${branch.parent ?? ''} ${branch.search ?? ''}`;
  if (error && !data) return <TreeRow id={`${id} failed`} label={t('loadFailed')} depth={depth} tone="quiet" onChoose={() => void refetch()} />;
  if (!data) return <TreeRow id={`${id} loading`} label={t('loading')} depth={depth} tone="quiet" onChoose={() => undefined} />;
  const rows = data.pages.flatMap((page) => page.data);
  if (rows.length === 0 && branch.search === undefined) return <TreeRow id={`${id} empty`} label={t('branchEmpty')} depth={depth} tone="quiet" onChoose={() => undefined} />;
  return (
    <>
      {rows.map((row) => {
        const canOpen = row.level === 'category' && branch.search === undefined;
        return (
          <Box key={keyOf(row)} role="presentation">
            <PlaceRow row={row} depth={depth} canOpen={canOpen} />
            {canOpen && opened.has(keyOf(row)) && <Rows branch={{ metric: branch.metric, level: 'product', parent: row.item }} depth={depth + 1} />}
          </Box>
        );
      })}
      {hasNextPage && <TreeRow id={`${id} more`} label={t('showMore')} depth={depth} tone="quiet" onChoose={() => void fetchNextPage()} />}
    </>
  );
}

function Whole() {
  const { chosen, choose, metric } = useTree();
  const t = useText(shared);
  const { data } = useInfiniteQuery(levelsQuery({ metric, level: 'shop' }));
  return <TreeRow id={keyOf(SHOP)} label={t('shop')} depth={1} row={data?.pages[0]?.data[0]} isChosen={chosen.level === 'shop'} onChoose={() => choose(SHOP)} />;
}

function Branches() {
  const t = useText(shared);
  const { opened, metric } = useTree();
  const hasStores = useHasStores(metric);
  const branch = (level: 'country' | 'store' | 'category', label: string) => (
    <Box role="presentation">
      <TreeRow id={level} label={label} depth={1} canOpen />
      {opened.has(level) && <Rows branch={{ metric, level }} depth={2} />}
    </Box>
  );
  return (
    <>
      <Whole />
      {branch('country', t('countries'))}
      {hasStores && branch('store', t('stores'))}
      {branch('category', t('categories'))}
    </>
  );
}

function Found({ words }: { words: string }) {
  const t = useText(texts);
  const { metric } = useTree();
  const branch = { metric, search: words };
  const { data } = useInfiniteQuery(levelsQuery(branch));
  const count = data?.pages.reduce((sum, page) => sum + page.data.length, 0);
  return (
    <>
      <Rows branch={branch} depth={1} />
      {count === 0 && <TreeRow id="none" label={t('foundNone', { text: words })} depth={1} tone="quiet" onChoose={() => undefined} />}
    </>
  );
}

/** One stop for Tab: it leads to the row that was left last, else the chosen one, else the first. */
function Holder({ children }: { children: ReactNode }) {
  const t = useText(texts);
  const { chosen } = useTree();
  const last = useRef('');
  const [isInside, setInside] = useState(false);
  const enter = (event: FocusEvent<HTMLElement>) => {
    setInside(true);
    if (event.target !== event.currentTarget) {
      last.current = event.target.dataset.key ?? last.current;
      return;
    }
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=treeitem]')];
    const named = (key: string) => rows.find((row) => row.dataset.key === key);
    (named(last.current) ?? named(keyOf(chosen)) ?? rows[0])?.focus();
  };
  const leave = (event: FocusEvent<HTMLElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setInside(false);
  };
  return (
    <Box role="tree" aria-label={t('tree')} tabIndex={isInside ? -1 : 0} onFocus={enter} onBlur={leave} sx={{ display: 'grid', gap: 0.5, alignContent: 'start', gridTemplateColumns: 'minmax(0, 1fr)' }}>
      {children}
    </Box>
  );
}

interface Props {
  metric: Metric;
  chosen: Place;
  onChoose: (place: Place) => void;
}

function useTreeState({ metric, chosen, onChoose }: Props): Tree {
  const { data } = useInfiniteQuery(levelsQuery({ metric, level: 'shop' }));
  const amounts = useAmounts(metric, data?.pages[0]?.currency);
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set([chosen.level === 'country' || chosen.level === 'store' ? chosen.level : 'category']));
  return useMemo(() => {
    const toggle = (key: string, isOpen: boolean) => {
      const next = new Set(opened);
      if (isOpen) next.add(key);
      else next.delete(key);
      setOpened(next);
    };
    return { chosen, choose: onChoose, opened, toggle, amounts, metric };
  }, [chosen, onChoose, opened, amounts, metric]);
}

/** The shop and its parts, to be found, opened and chosen. Tab reaches one row, arrows the others. */
export function LevelTree(props: Props) {
  const t = useText(texts);
  const tree = useTreeState(props);
  const [typed, setTyped] = useState('');
  const words = useSettled(typed.trim(), PAUSE);
  return (
    <TreeContext value={tree}>
      <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        <TextField
          type="search" value={typed} onChange={(event) => setTyped(event.target.value)} placeholder={t('find')}
          slotProps={{ htmlInput: { 'aria-label': t('find'), maxLength: 100 }, input: { startAdornment: <InputAdornment position="start"><Search size={16} aria-hidden /></InputAdornment> } }}
        />
        <Typography variant="caption" color="text.secondary">{t('treeAbout')}</Typography>
        <Holder>{words === '' ? <Branches /> : <Found words={words} />}</Holder>
      </Box>
    </TreeContext>
  );
}
