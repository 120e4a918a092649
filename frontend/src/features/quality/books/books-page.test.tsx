import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';

import type { BookRow } from '@/api/types';
import { renderInHebrew } from '@/testing/hebrew';
import { renderInApp, serve } from '@/testing/render';
import { signedIn } from '@/testing/signed-in';

import BooksPage from './books-page';
import { stepsOf } from './reckoning';

const BOOKS = 'GET /api/v1/books';

function row(change: Partial<BookRow>): BookRow {
  return {
    step: 'mapped to curated', table_name: 'orders', rows_in: 100, rows_kept: 95, rows_quarantined: 5, rows_difference: 0,
    money_in_cents: 100_000, money_kept_cents: 95_000, money_quarantined_cents: 5_000, money_difference_cents: 0, differing_rows: null, balanced: true, ...change,
  };
}

const WHOLE = [row({}), row({ step: 'source to raw', rows_kept: 100, rows_quarantined: 0, money_kept_cents: 100_000, money_quarantined_cents: 0 }), row({ table_name: 'holidays', money_in_cents: null, money_kept_cents: null, money_quarantined_cents: null, money_difference_cents: null })];
const TORN = row({ table_name: 'payments', rows_kept: 93, rows_difference: 2, money_difference_cents: 4599, differing_rows: '1204, 3310', balanced: false });
const body = (rows: readonly BookRow[], balanced: boolean | null) => ({ body: { balanced, rows, provenance: [] } });

it('says in words that everything is accounted for, then shows it step by step', async () => {
  serve({ ...signedIn('quarantine:read'), [BOOKS]: body(WHOLE, true) });
  renderInApp(<BooksPage />);
  expect(await screen.findByText('Every row and every cent is accounted for.')).toBeVisible();
  expect(screen.getByText('100 rows came from the source and made 200 rows of tables; 190 of these were kept and 10 set aside, each with its reason.')).toBeVisible();
  expect(screen.getAllByRole('heading', { level: 2 }).map((heading) => heading.textContent)).toEqual(['From the source into raw', 'From the agreed shape into curated tables']);
  const table = screen.getByRole('table');
  expect(await within(table).findAllByRole('link', { name: '5' })).toHaveLength(2);
  expect(within(table).getByText('1,000.00')).toBeVisible();
  // A table without money has dashes, not noughts.
  expect(within(table).getByRole('row', { name: /holidays/ })).toHaveTextContent('–');
});

it('names what is not accounted for, with the raw rows that make the difference', async () => {
  serve({ ...signedIn(), [BOOKS]: body([TORN, ...WHOLE], false) });
  renderInApp(<BooksPage />);
  const verdict = (await screen.findByText('One thing is not accounted for')).parentElement;
  expect(verdict).toHaveTextContent('payments · From the agreed shape into curated tables');
  expect(verdict).toHaveTextContent('2 rows are missing and 45.99 of money is missing.');
  expect(verdict).toHaveTextContent('1204, 3310');
  expect(screen.getAllByRole('img', { name: 'Differs' })).toHaveLength(1);
});

it('folds what is in order away, and opens it', async () => {
  serve({ ...signedIn(), [BOOKS]: body(WHOLE, true) });
  renderInApp(<BooksPage />);
  await userEvent.click(await screen.findByRole('button', { name: 'Show 1 table' }));
  expect(screen.getAllByRole('table')).toHaveLength(2);
});

it('says why the first step is not there', async () => {
  serve({ ...signedIn(), [BOOKS]: body([row({})], true) });
  renderInApp(<BooksPage />);
  expect(await screen.findByText(/This source cannot count its own rows/)).toBeVisible();
});

it('tells books that were never written from books in order', async () => {
  serve({ ...signedIn(), [BOOKS]: body([], null) });
  const { unmount } = renderInApp(<BooksPage />);
  expect(await screen.findByText('The books have not been written yet')).toBeVisible();
  unmount();
  serve({ ...signedIn(), [BOOKS]: { status: 503, body: { detail: 'A run rewrites them.' } } });
  renderInApp(<BooksPage />);
  expect(await screen.findByRole('alert')).toHaveTextContent('A run rewrites them.');
});

it('speaks Hebrew', async () => {
  serve({ ...signedIn(), [BOOKS]: body(WHOLE, true) });
  await renderInHebrew(<BooksPage />);
  await waitFor(() => expect(screen.getByText('כל שורה וכל סנט מוסברים.')).toBeVisible());
});

it('puts steps in the order of the data, and what differs first', () => {
  const steps = stepsOf([row({}), TORN, row({ step: 'later' }), row({ step: 'source to raw' })]);
  expect(steps.map((step) => step.name)).toEqual(['source to raw', 'mapped to curated', 'later']);
  expect(steps[1]).toMatchObject({ rowsIn: 200, rowsKept: 188, rowsAside: 10, rowsMissing: 2, isBalanced: false });
  expect(steps[1]?.rows[0]).toBe(TORN);
});
