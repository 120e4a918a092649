import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { expect, it, vi } from 'vitest';

import * as download from '@/lib/download';
import { renderInApp } from '@/testing/render';
import { media } from '@/testing/setup';

import { DataTable, type Column } from './data-table';

interface Fruit {
  name: string;
  rows: number | null;
}

const fruits: Fruit[] = [{ name: 'pear', rows: 2 }, { name: 'apple', rows: 1200 }, { name: 'fig', rows: null }];
const columns: Column<Fruit>[] = [
  { key: 'name', label: 'Name', value: (row) => row.name },
  { key: 'rows', label: 'Rows', kind: 'number', value: (row) => row.rows },
];
const table = { label: 'fruits', columns, rowKey: (row: Fruit) => row.name };
const names = () => screen.getAllByRole('row').slice(1).map((row) => within(row).getAllByRole('cell')[0]?.textContent);

it('sorts by a column both ways, blanks last', async () => {
  const user = userEvent.setup();
  renderInApp(<DataTable {...table} rows={fruits} />);
  await user.click(screen.getByRole('button', { name: 'Rows' }));
  expect(names()).toEqual(['pear', 'apple', 'fig']);
  expect(screen.getByRole('columnheader', { name: 'Rows' })).toHaveAttribute('aria-sort', 'ascending');
  await user.click(screen.getByRole('button', { name: 'Rows' }));
  expect(names()).toEqual(['apple', 'pear', 'fig']);
  expect(screen.getByRole('cell', { name: '1,200' })).toBeVisible();
});

it('finds rows, and saves what is seen', async () => {
  const user = userEvent.setup();
  const save = vi.spyOn(download, 'saveCsv').mockReturnValue();
  renderInApp(<DataTable {...table} rows={fruits} />);
  await user.type(screen.getByRole('searchbox'), 'p');
  expect(names()).toEqual(['pear', 'apple']);
  expect(screen.getByText('2 of 3 rows')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'CSV' }));
  expect(save).toHaveBeenCalledWith('fruits.csv', ['Name', 'Rows'], [['pear', 2], ['apple', 1200]]);
  await user.type(screen.getByRole('searchbox'), 'zzz');
  expect(screen.getByText('No row matches “pzzz”')).toBeVisible();
});

it('hides columns, but never all of them', async () => {
  const user = userEvent.setup();
  renderInApp(<DataTable {...table} rows={fruits} />);
  await user.click(screen.getByRole('button', { name: 'Columns' }));
  await user.click(screen.getByRole('menuitemcheckbox', { name: 'Rows' }));
  await user.click(screen.getByRole('menuitemcheckbox', { name: 'Name' }));
  await user.keyboard('{Escape}');
  expect(screen.getAllByRole('columnheader').map((head) => head.textContent)).toEqual(['Name']);
});

it('goes from row to row by arrows and opens one by Enter', async () => {
  const user = userEvent.setup();
  const page = <DataTable {...table} rows={fruits} rowLink={(row) => `/data/${row.name}`} />;
  renderInApp(<Routes><Route path="/" element={page} /><Route path="/data/:name" element="the apple’s page" /></Routes>);
  screen.getAllByRole('row')[1]?.focus();
  await user.keyboard('{ArrowDown}{Enter}');
  expect(screen.getByText('the apple’s page')).toBeVisible();
});

it('draws no more of many rows than are in sight', () => {
  const many = Array.from({ length: 5_000 }, (_, index) => ({ name: `fruit ${index}`, rows: index }));
  renderInApp(<DataTable {...table} rows={many} />);
  expect(screen.getAllByRole('row').length).toBeLessThan(100);
  expect(screen.getByRole('table')).toHaveAttribute('aria-rowcount', '5001');
});

it('teaches the next step when there is nothing', () => {
  renderInApp(<DataTable {...table} rows={[]} empty={{ text: 'Plant a tree.', action: { label: 'Plant', to: '/plant' } }} />);
  expect(screen.getByRole('link', { name: 'Plant' })).toHaveAttribute('href', '/plant');
});

it('shows cards on a phone', () => {
  vi.stubGlobal('matchMedia', (query: string) => ({ ...media(query), matches: query.includes('max-width') }));
  renderInApp(<DataTable {...table} rows={fruits} rowLink={(row) => `/data/${row.name}`} />);
  expect(screen.queryByRole('table')).toBeNull();
  expect(screen.getByRole('link', { name: /apple/ })).toHaveAttribute('href', '/data/apple');
});
