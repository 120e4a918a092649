import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { describe, expect, it } from 'vitest';

import type { Permission } from '@/api/types';
import { renderInApp, serve } from '@/testing/render';
import { signedIn } from '@/testing/signed-in';

import RowsPage from './rows-page';

const ROWS = 'GET /api/v1/quarantine/orders';
const REPLAY = 'POST /api/v1/quarantine/orders/replay';
const COUNTS = {
  'GET /api/v1/quarantine': {
    body: { data: [{ table: 'orders', severity: 'error', rule: 'order_date is missing', rows: 2, money_cents: 1_250 }, { table: 'refunds', severity: 'error', rule: 'x', rows: 1, money_cents: null }] },
  },
};
const row = (id: number, source: object | null = { order_id: `O${id}`, order_date: null, notes: 'x', _row: id }) => ({ row_id: id, row_key: `O${id}`, severity: 'error', rules: 'order_date is missing', money_cents: 1_291, source_row: source });
const ALL: Permission[] = ['quarantine:read', 'quarantine:replay', 'tables:personal', 'tables:export'];

function show(path = '/quarantine/orders') {
  return renderInApp(<Routes><Route path="/quarantine/:table" element={<RowsPage />} /></Routes>, { path });
}

const csv = (text: string) => new File([text], 'fix.csv', { type: 'text/csv' });

describe('the rows', () => {
  it('stand as they came, with the reason, and the guilty cell is marked by the words of the rule', async () => {
    serve({ ...signedIn(...ALL), ...COUNTS, [ROWS]: { body: { data: [row(609)], next_cursor: null } } });
    show();
    expect(await screen.findByText('2 rows set aside · worth 12.50')).toBeVisible();
    const line = await screen.findByRole('button', { name: /O609/ });
    expect(line).toHaveTextContent('order_date is missing');
    expect(line).toHaveTextContent('12.91');
    expect(screen.getByText('order_date').closest('dt')?.nextElementSibling).toHaveTextContent('blank');
    expect(screen.queryByText('_row')).toBeNull();
  });

  it('are asked for by what narrows them, and go on by the cursor', async () => {
    const seen = serve({
      ...signedIn(...ALL), ...COUNTS,
      [ROWS]: (request) => ({ body: new URL(request.url).searchParams.has('cursor') ? { data: [row(2)], next_cursor: null } : { data: [row(1)], next_cursor: 'c' } }),
    });
    show('/quarantine/orders?severity=error&rule=order_date+is+missing');
    await userEvent.click(await screen.findByRole('button', { name: 'Load more rows' }));
    expect(await screen.findByText('O2')).toBeVisible();
    const asked = new URL((seen.at(-1) as Request).url).searchParams;
    expect(Object.fromEntries(asked)).toEqual({ severity: 'error', rule: 'order_date is missing', limit: '50', cursor: 'c' });
  });

  it('may be those of one file that was sent, which a click lets go', async () => {
    const seen = serve({ ...signedIn(...ALL), ...COUNTS, [ROWS]: { body: { data: [row(1)], next_cursor: null } } });
    show('/quarantine/orders?upload=a1b2');
    expect(await screen.findByRole('button', { name: /O1/ })).toBeVisible();
    const asked = seen.filter((request) => request.url.includes('/quarantine/orders')).map((request) => new URL(request.url).searchParams.get('upload'));
    expect(asked).toEqual(['a1b2']);
    expect(screen.getByText('a1b2')).toBeVisible();
  });

  it('hide what describes people from who may not see it, and cannot be taken away by them', async () => {
    serve({ ...signedIn('quarantine:read', 'tables:export'), ...COUNTS, [ROWS]: { body: { data: [row(609, null)], next_cursor: null } } });
    show();
    expect(await screen.findByText('The values of these rows describe people and are hidden from your role.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Save as CSV' })).toBeNull();
    expect(screen.queryByRole('heading', { name: 'Bring rows back' })).toBeNull();
  });

  it('may have come back meanwhile', async () => {
    serve({ ...signedIn(...ALL), ...COUNTS, [ROWS]: { body: { data: [], next_cursor: null } } });
    const { unmount } = show('/quarantine/orders?rule=gone');
    expect(await screen.findByText('No row matches')).toBeVisible();
    unmount();
    show();
    expect(await screen.findByText('Nothing of orders is set aside')).toBeVisible();
  });

  it('say what went wrong', async () => {
    serve({ ...signedIn(...ALL), ...COUNTS, [ROWS]: { status: 404, body: { detail: "There is no curated table 'orders'." } } });
    show();
    expect(await screen.findByRole('alert')).toHaveTextContent("There is no curated table 'orders'.");
  });
});

describe('bringing rows back', () => {
  const page = { ...signedIn(...ALL), ...COUNTS, [ROWS]: { body: { data: [row(609)], next_cursor: null } } };
  const choose = async (text: string) => userEvent.upload(await screen.findByLabelText('Choose a corrected file', { selector: 'input' }), csv(text));

  it('says what the file holds, sends it once it is confirmed, and says what came of it', async () => {
    const seen = serve({ ...page, ...signedIn(...ALL), [REPLAY]: { body: { run_id: 'r9', corrected: 2, replayed: 1, still_quarantined: 18, failed: [] } } });
    show();
    await choose('\ufeffrow_id,rules,order_date\r\n609,"a, b",2024-05-19\r\n1871,x,2025-03-21\r\n');
    const dialog = await screen.findByRole('dialog', { name: 'Send 2 corrected rows?' });
    expect(dialog).toHaveTextContent('fix.csv corrects: order_date.');
    expect(seen.some((request) => request.method === 'POST' && request.url.includes('replay'))).toBe(false);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Send the corrections' }));
    expect(await screen.findByText('1 row of orders came back.')).toBeVisible();
    expect(screen.getByText('2 corrections were taken in. 18 rows are still set aside.')).toBeVisible();
    const sent = seen.find((request) => request.url.includes('replay')) as Request;
    expect(sent.headers.get('content-type')).toBe('text/csv');
    expect(await sent.text()).toContain('609,"a, b",2024-05-19');
  });

  it('sends nothing when it is not confirmed', async () => {
    const seen = serve({ ...page, ...signedIn(...ALL) });
    show();
    await userEvent.click(await screen.findByRole('button', { name: 'Judge all rows again' }));
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Cancel' }));
    expect(seen.some((request) => request.url.includes('replay'))).toBe(false);
  });

  it('judges again without a file', async () => {
    const seen = serve({ ...page, ...signedIn(...ALL), [REPLAY]: { body: { run_id: 'r9', corrected: 0, replayed: 0, still_quarantined: 19, failed: [{ table: 'sales_daily', outcome: 'failed', message: 'No space.' }] } } });
    show();
    await userEvent.click(await screen.findByRole('button', { name: 'Judge all rows again' }));
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Judge all rows again' }));
    expect(await screen.findByText('No row of orders came back.')).toBeVisible();
    expect(screen.getByText('sales_daily: No space.')).toBeVisible();
    expect(await (seen.find((request) => request.url.includes('replay')) as Request).text()).toBe('');
  });

  it.each([
    ['order_date\n2024', /no column row_id/],
    ['row_id,rules\n', /a header and no rows/],
    ['row_id,rules\n1\n', /same number of cells/],
    ['row_id,rules\n1,"open\n', /never closed/],
  ])('refuses a file that cannot be corrections before anything is sent: %j', async (text, words) => {
    serve({ ...page, ...signedIn(...ALL) });
    show();
    await choose(text);
    expect(await screen.findByRole('alert')).toHaveTextContent(words);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('says what the service refused', async () => {
    serve({ ...page, ...signedIn(...ALL), [REPLAY]: { status: 409, body: { detail: 'A run is going on.', step: 'Wait until it ends.' } } });
    show();
    await choose('row_id,order_date\n1,2024-01-01\n');
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Send the corrections' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('A run is going on.Wait until it ends.');
  });
});
