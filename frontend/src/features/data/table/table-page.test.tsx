import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { expect, it } from 'vitest';

import { renderInApp, serve } from '@/testing/render';
import { signedIn } from '@/testing/signed-in';

import { detail, LINEAGE } from '../samples';
import { tokens } from './sql-text';
import TablePage from './table-page';

const TABLE = 'GET /api/v1/catalog/orders';
const QUERY = 'GET /api/v1/analytics/curation/query';

function show(path: string) {
  return renderInApp(<Routes><Route path="/data/:table" element={<TablePage />} /></Routes>, { path });
}

function rows(from: number, next: string | null) {
  const data = Array.from({ length: 2 }, (_, index) => ({ order_id: `O${from + index}`, total_cents: 100 * (from + index) }));
  return { system: 'curation', table: 'orders', rowCount: 2, columns: [{ name: 'order_id', type: 'string' }, { name: 'total_cents', type: 'int64' }], data, next_cursor: next, provenance: detail().provenance };
}

const asked = (request: Request) => new URL(request.url).searchParams;

it('shows what each column means, what it is made of, and what tells of people', async () => {
  serve({ ...signedIn(), [TABLE]: { body: detail() } });
  show('/data/orders');
  expect(await screen.findByText('3 columns. One column describes people. They are hidden from your role.')).toBeVisible();
  expect(screen.getByText('What the customer pays.')).toBeVisible();
  expect(screen.getByText('describes a person')).toBeVisible();
  expect(screen.getByText('hidden from your role')).toBeVisible();
  expect(screen.getByRole('link', { name: 'customers.x' })).toHaveAttribute('href', '/data/customers');
  expect(screen.getByRole('img', { name: 'key' })).toBeVisible();
});

it('asks the service for filtered, ordered rows and goes on by its cursor', async () => {
  const seen = serve({
    ...signedIn(), [TABLE]: { body: detail() },
    [QUERY]: (request) => ({ body: asked(request).has('cursor') ? rows(3, null) : rows(1, 'next') }),
  });
  show('/data/orders?tab=preview&order=-total_cents&filters=[["total_cents","ge","100"]]');
  expect(await screen.findByText('O1')).toBeVisible();
  const first = asked(seen.find((request) => request.url.includes('/query')) as Request);
  expect(JSON.parse(first.get('filters') ?? '')).toEqual({ total_cents: { ge: 100 } });
  expect(first.get('order')).toBe('-total_cents');
  await userEvent.click(screen.getByRole('button', { name: 'Load 50 more rows' }));
  expect(await screen.findByText('O4')).toBeVisible();
  expect(asked(seen.at(-1) as Request).get('cursor')).toBe('next');
  expect(screen.getByText('These are all the rows.')).toBeVisible();
});

it('builds a filter, refuses a value that is no number, and takes it back', async () => {
  const seen = serve({ ...signedIn(), [TABLE]: { body: detail() }, [QUERY]: () => ({ body: rows(1, null) }) });
  show('/data/orders?tab=preview');
  await userEvent.click(await screen.findByRole('button', { name: 'Filter' }));
  await userEvent.click(screen.getByRole('combobox', { name: 'Column' }));
  // What is hidden from the role cannot be asked for.
  expect(screen.queryByRole('option', { name: 'shipping_city' })).toBeNull();
  await userEvent.click(screen.getByRole('option', { name: 'total_cents' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Value' }), 'x');
  expect(screen.getByText('Write a number, such as 100.')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Apply' })).toBeDisabled();
  await userEvent.clear(screen.getByRole('textbox', { name: 'Value' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Value' }), '250{Enter}');
  expect(await screen.findByText('total_cents is 250')).toBeVisible();
  expect(JSON.parse(asked(seen.at(-1) as Request).get('filters') ?? '')).toEqual({ total_cents: { eq: 250 } });
});

it('opens an older version as it was, and says so', async () => {
  const seen = serve({ ...signedIn(), [TABLE]: { body: detail() }, [QUERY]: () => ({ body: rows(1, null) }) });
  show('/data/orders?tab=preview&version=2');
  expect(await screen.findByText(/This is version 2 of .*, not the newest\./)).toBeVisible();
  expect(await screen.findByText('O1')).toBeVisible();
  expect(asked(seen.at(-1) as Request).get('version')).toBe('2');
  await userEvent.click(screen.getByRole('button', { name: 'Back to the newest' }));
  expect(screen.queryByText(/not the newest/)).toBeNull();
});

it('offers all rows as a file only to who may take them away', async () => {
  const page = { ...signedIn(), [TABLE]: { body: detail() }, [QUERY]: () => ({ body: rows(1, null) }) };
  serve(page);
  const { unmount } = show('/data/orders?tab=preview');
  expect(await screen.findByRole('button', { name: 'CSV' })).not.toHaveAttribute('aria-haspopup');
  unmount();
  serve({ ...page, ...signedIn('tables:export') });
  show('/data/orders?tab=preview');
  expect(await screen.findByRole('button', { name: 'CSV' })).toHaveAttribute('aria-haspopup', 'menu');
});

it('opens one row in full', async () => {
  serve({ ...signedIn(), [TABLE]: { body: detail() }, [QUERY]: () => ({ body: rows(1, null) }) });
  show('/data/orders?tab=preview');
  await userEvent.click(await screen.findByText('O2'));
  const row = screen.getByRole('dialog', { name: 'One row' });
  expect(within(row).getByText('200')).toBeVisible();
});

it('lists versions with what changed, newest first', async () => {
  serve({ ...signedIn('runs:read'), [TABLE]: { body: detail() } });
  show('/data/orders?tab=versions');
  const [newest, older] = await screen.findAllByRole('listitem');
  expect(newest).toHaveTextContent('+27');
  expect(older).toHaveTextContent('first build');
  expect(await screen.findByRole('link', { name: 'Run of version 3' })).toHaveAttribute('href', '/runs/r3');
  expect(screen.getByRole('link', { name: 'Open rows of version 2' })).toHaveAttribute('href', '/data/orders?tab=preview&version=2');
});

it('says how good it is, which rules rows broke and what is checked', async () => {
  const judged = {
    table: 'orders', score: 0.6, line: 0.7, blocked: true, rows_mapped: 10, rows_curated: 8, rows_quarantined: 2, rows_excluded: 0, rows_duplicate: 0,
    completeness: 0.9, validity: 0.5, uniqueness: 1, consistency: 0.99996, empty_because: null, rules: [{ rule: 'order_date is missing', severity: 'error', rows: 2, share: 0.2 }],
  };
  serve({ ...signedIn('quarantine:read'), [TABLE]: { body: detail() }, 'GET /api/v1/quality': { body: { tables: [judged], provenance: [] } } });
  show('/data/orders?tab=quality');
  expect(await screen.findByText('Scores 60%; the line is 70%. Held back: the last good version stays.')).toBeVisible();
  // What is not all never reads as all.
  expect(screen.getByText('99.996%')).toBeVisible();
  expect(await screen.findByRole('link', { name: /order_date is missing/ })).toHaveAttribute('href', '/quarantine/orders?severity=error&rule=order_date+is+missing');
  expect(screen.getByText('total_cents >= 0')).toBeVisible();
});

it('shows the statement and what stands around it', async () => {
  serve({ ...signedIn(), [TABLE]: { body: detail() }, 'GET /api/v1/lineage': { body: LINEAGE } });
  show('/data/orders?tab=made');
  expect(await screen.findByText(/all of them/)).toBeVisible();
  expect(await screen.findByRole('link', { name: 'sales_daily' })).toHaveAttribute('href', '/data/sales_daily');
  expect(await screen.findByRole('button', { name: /^orders Curated/i })).toHaveAttribute('aria-pressed', 'true');
});

it('says which table there is not, and what waits for a run', async () => {
  serve({ ...signedIn(), 'GET /api/v1/catalog/oders': { status: 404, body: { detail: "There is no table 'oders'.", step: 'Did you mean orders?' } } });
  const { unmount } = show('/data/oders');
  expect(await screen.findByRole('alert')).toHaveTextContent('Did you mean orders?');
  unmount();
  const waiting = detail({ version: null, rows: null, built_at: null, versions: [], health: { state: 'empty', reasons: ['orders was never built.'] } });
  serve({ ...signedIn(), [TABLE]: { body: waiting } });
  show('/data/orders?tab=preview');
  expect(await screen.findByText('orders was never built.')).toBeVisible();
  expect((await screen.findAllByText('The next run builds it.')).length).toBeGreaterThan(0);
});

it('colours words, texts, notes and values of a statement and nothing else', () => {
  const kinds = tokens("select 'from' -- where\n$as_of selected").filter((token) => token.kind !== null).map(({ text, kind }) => [text, kind]);
  expect(kinds).toEqual([['select', 'word'], ["'from'", 'text'], ['-- where', 'note'], ['$as_of', 'value']]);
});
