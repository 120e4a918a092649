import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';

import { renderInApp, serve } from '@/testing/render';
import { renderInHebrew } from '@/testing/hebrew';
import { signedIn } from '@/testing/signed-in';

import type { Level, LevelRow, Place } from '../types';
import { LevelTree } from './level-tree';

const row = (level: Level, item: string, name: string | null, more: Partial<LevelRow> = {}): LevelRow => ({
  level, item, name, parent: null, value_28d: 100_000, forecast_28d: 110_000, change: 0.1, series_class: 'smooth', model: 'theta', ...more,
});

const ROWS: Record<string, LevelRow[]> = {
  shop: [row('shop', '', null)],
  country: [row('country', 'GB', null), row('country', 'FR', null)],
  category: [row('category', 'c1', 'Shoes'), row('category', 'c2', 'Hats')],
  product: [row('product', 'p1', 'Red shoe', { parent: 'c1' })],
};

const CHAIN: Record<string, LevelRow[]> = { ...ROWS, store: [row('store', 'Lyon', null), row('store', '(none)', null)] };

const levelsOf = (all: Record<string, LevelRow[]>) => (request: Request) => {
  const query = new URL(request.url).searchParams;
  const words = query.get('search')?.toLowerCase();
  const found = words === undefined ? (all[query.get('level') ?? ''] ?? []) : Object.values(all).flat().filter((each) => each.name?.toLowerCase().includes(words));
  return { body: { data: found, currency: 'EUR', next_cursor: null, provenance: [] } };
};
const levels = levelsOf(ROWS);

function Held({ onChoose }: { onChoose: (place: Place) => void }) {
  const [chosen, choose] = useState<Place>({ level: 'shop', item: '' });
  return <LevelTree metric="net_sales" chosen={chosen} onChoose={(place) => { choose(place); onChoose(place); }} />;
}

function show(replies: Parameters<typeof serve>[0] = {}) {
  const seen = serve({ ...signedIn(), 'GET /api/v1/market-intelligence/levels': levels, ...replies });
  const chosen: Place[] = [];
  renderInApp(<Held onChoose={(place) => chosen.push(place)} />);
  return { seen, chosen };
}

const item = (name: string | RegExp) => screen.findByRole('treeitem', { name });

describe('the tree of levels', () => {
  it('shows the shop and its categories with what is expected against before', async () => {
    show();
    expect(await item(/^Whole shop\W*€\W*1\.1\W*k\W*\+\W*10%$/)).toHaveAttribute('aria-selected', 'true');
    expect(await item(/^Shoes/)).toHaveAttribute('aria-level', '2');
    expect(await item('Countries')).toHaveAttribute('aria-expanded', 'false');
  });

  it('is one stop for Tab, and is walked, opened and chosen by the keyboard alone', async () => {
    const person = userEvent.setup();
    const { chosen } = show();
    await item(/^Shoes/);
    await person.tab();
    expect(screen.getByRole('searchbox')).toHaveFocus();
    await person.tab();
    expect(await item(/^Whole shop/)).toHaveFocus();
    await person.keyboard('{ArrowDown}{ArrowRight}');
    expect(await item(/^United Kingdom/)).toBeVisible();
    await person.keyboard('{ArrowRight}{ArrowDown}');
    expect(await item(/^France/)).toHaveFocus();
    await person.keyboard('{Enter}');
    expect(chosen).toEqual([{ level: 'country', item: 'FR' }]);
    await person.keyboard('{ArrowLeft}{ArrowLeft}');
    expect(screen.queryByRole('treeitem', { name: /^France/ })).toBeNull();
    expect(await item('Countries')).toHaveFocus();
    await person.keyboard('s{ArrowRight}');
    expect(await item(/^Red shoe/)).toHaveAttribute('aria-level', '3');
    await person.keyboard('{ArrowRight} {End}');
    expect(chosen.at(-1)).toEqual({ level: 'product', item: 'p1' });
    expect(await item(/^Hats/)).toHaveFocus();
    await person.keyboard('{Home}');
    expect(await item(/^Whole shop/)).toHaveFocus();
    await person.tab({ shift: true });
    expect(screen.getByRole('searchbox')).toHaveFocus();
  });

  it('groups the stores of a chain between countries and categories', async () => {
    const person = userEvent.setup();
    const { chosen } = show({ 'GET /api/v1/market-intelligence/levels': levelsOf(CHAIN) });
    const stores = await item('Stores');
    const groups = screen.getAllByRole('treeitem').filter((each) => each.getAttribute('aria-level') === '1');
    expect(groups.map((each) => each.textContent).slice(1)).toEqual(['Countries', 'Stores', 'Categories']);
    stores.focus();
    await person.keyboard('{ArrowRight}');
    expect(await item(/^Without a store/)).toHaveAttribute('aria-level', '2');
    await person.keyboard('{ArrowRight}{Enter}');
    expect(chosen).toEqual([{ level: 'store', item: 'Lyon' }]);
    await person.keyboard('{ArrowLeft}{ArrowLeft}');
    expect(screen.queryByRole('treeitem', { name: /^Lyon/ })).toBeNull();
    expect(stores).toHaveFocus();
  });

  it('says nothing of stores where there are none', async () => {
    const { seen } = show();
    await item(/^Shoes/);
    expect(seen.some((request) => request.url.includes('level=store'))).toBe(true);
    expect(screen.queryByRole('treeitem', { name: 'Stores' })).toBeNull();
  });

  it('opens a category by its arrow without choosing it', async () => {
    const { chosen } = show();
    await userEvent.click((await item(/^Shoes/)).firstElementChild!);
    expect(await item(/^Red shoe/)).toBeVisible();
    expect(chosen).toEqual([]);
  });

  it('finds by name across levels, and says when nothing is called so', async () => {
    const { chosen } = show();
    await userEvent.type(await screen.findByRole('searchbox'), 'shoe');
    await userEvent.click(await item(/^Red shoe/));
    expect(chosen).toEqual([{ level: 'product', item: 'p1' }]);
    await userEvent.type(screen.getByRole('searchbox'), 'xyz');
    expect(await item('Nothing is called “shoexyz”. Fewer letters find more.')).toBeVisible();
  });

  it('asks again where a branch could not be loaded', async () => {
    let failures = 1;
    show({ 'GET /api/v1/market-intelligence/levels': (request) => (request.url.includes('category') && failures-- > 0 ? { status: 500, body: {} } : levels(request)) });
    await userEvent.click(await item(/Could not be loaded/));
    expect(await item(/^Shoes/)).toBeVisible();
  });

  it('brings more of a long branch when asked', async () => {
    const long = (request: Request) => {
      const query = new URL(request.url).searchParams;
      if (query.get('level') !== 'category') return levels(request);
      const isFirst = !query.has('cursor');
      return { body: { data: [isFirst ? row('category', 'c1', 'Shoes') : row('category', 'c9', 'Socks')], currency: 'EUR', next_cursor: isFirst ? 'on' : null, provenance: [] } };
    };
    show({ 'GET /api/v1/market-intelligence/levels': long });
    await userEvent.click(await item('Show more'));
    expect(await item(/^Socks/)).toBeVisible();
    expect(screen.queryByRole('treeitem', { name: 'Show more' })).toBeNull();
  });

  it('names countries in Hebrew', async () => {
    serve({ ...signedIn(), 'GET /api/v1/market-intelligence/levels': levels });
    await renderInHebrew(<Held onChoose={() => undefined} />);
    await userEvent.click(await screen.findByRole('treeitem', { name: 'מדינות' }));
    expect(within(screen.getByRole('tree')).getByRole('treeitem', { name: /^כל החנות/ })).toBeVisible();
    expect(await screen.findByRole('treeitem', { name: /^צרפת/ })).toBeVisible();
    expect(screen.queryByRole('treeitem', { name: 'סניפים' })).toBeNull();
  });

  it('names the stores of a chain in Hebrew', async () => {
    serve({ ...signedIn(), 'GET /api/v1/market-intelligence/levels': levelsOf(CHAIN) });
    await renderInHebrew(<Held onChoose={() => undefined} />);
    await userEvent.click(await screen.findByRole('treeitem', { name: 'סניפים' }));
    expect(await screen.findByRole('treeitem', { name: /^ללא סניף/ })).toBeVisible();
  });
});
