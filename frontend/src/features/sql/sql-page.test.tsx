import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { dropSession } from '@/api/session';
import { renderInHebrew } from '@/testing/hebrew';
import { renderInApp, serve } from '@/testing/render';
import { signedIn } from '@/testing/signed-in';

import SqlPage from './sql-page';

const ASK = 'POST /api/v1/sql';
const SCHEMA = {
  'GET /api/v1/sql/schema': {
    body: {
      tables: [
        { name: 'orders', schema: 'curated', system: 'curation', about: 'One row per order.', built: true, columns: [{ name: 'order_id', type: 'string', about: 'Its id.' }, { name: 'ordered_at', type: 'timestamp', about: 'When.' }] },
        { name: 'plans', schema: 'analytics', system: 'x', about: '', built: false, columns: [{ name: 'plan_id', type: 'string', about: '' }] },
      ],
      limits: { seconds: 10, rows: 10_000, bytes: 1, memory_mb: 1, text_bytes: 1 },
      functions: ['abs', 'sum'],
    },
  },
};

function answer(change = {}) {
  return { body: { columns: [{ name: 'channel', type: 'string' }, { name: 'n', type: 'int64' }], rows: [['web', 1234], ['app', null]], row_count: 2, truncated: false, elapsed_ms: 51, provenance: [], ...change } };
}

const editor = () => screen.findByRole('textbox', { name: 'Query' });
const write = async (sql: string) => fireEvent.change(await editor(), { target: { value: sql } });

describe('the SQL page', () => {
  it('tells the limits, runs on Ctrl Enter, and shows rows, count and time', async () => {
    const seen = serve({ ...signedIn('sql:run'), ...SCHEMA, [ASK]: answer() });
    renderInApp(<SqlPage />);
    expect(await screen.findByText(/^One query may take 10 secs? and gives at most 10,000 rows\.$/)).toBeVisible();
    await write('select 1');
    fireEvent.keyDown(await editor(), { key: 'Enter', ctrlKey: true });
    expect(await screen.findByText('2 rows in 51 ms.')).toBeVisible();
    expect(screen.getByText('1,234')).toBeVisible();
    expect(await seen.find((request) => request.method === 'POST' && request.url.endsWith('/sql'))?.json()).toEqual({ sql: 'select 1', format: 'json' });
  });

  it('says where rows were cut off', async () => {
    serve({ ...signedIn(), ...SCHEMA, [ASK]: answer({ truncated: true, row_count: 10_000 }) });
    renderInApp(<SqlPage />);
    await write('select * from orders');
    await userEvent.click(screen.getByRole('button', { name: 'Run' }));
    expect(await screen.findByText(/^Cut off at 10,000 rows: there are more\./)).toBeVisible();
  });

  it('shows a refusal with its place and keeps the query', async () => {
    serve({ ...signedIn(), ...SCHEMA, [ASK]: { status: 422, body: { status: 422, detail: "Line 2, column 6: there is no table 'ordrs' that you may read.", step: "Did you mean 'orders'?" } } });
    renderInApp(<SqlPage />);
    await write('select *\nfrom ordrs');
    await userEvent.click(screen.getByRole('button', { name: 'Run' }));
    expect(await screen.findByText("Did you mean 'orders'?")).toBeVisible();
    const area = (await editor()) as HTMLTextAreaElement;
    expect(area).toHaveValue('select *\nfrom ordrs');
    expect(area).toBeInvalid();
    await userEvent.click(screen.getByRole('button', { name: 'Go to line 2, column 6' }));
    expect(area).toHaveFocus();
    expect(area.selectionStart).toBe(14);
    await write('select *\nfrom orders');
    expect(area).toBeValid();
  });

  it('puts tables and columns into the query, found by name', async () => {
    serve({ ...signedIn(), ...SCHEMA });
    renderInApp(<SqlPage />);
    await write('select  from orders');
    const area = (await editor()) as HTMLTextAreaElement;
    area.setSelectionRange(7, 7);
    fireEvent.change((await screen.findAllByRole('searchbox', { name: 'Find a table or column' }))[0]!, { target: { value: 'order_id' } });
    await userEvent.click((await screen.findAllByRole('button', { name: 'Insert order_id' }))[0]!);
    expect(area).toHaveValue('select order_id from orders');
    expect(screen.queryByRole('button', { name: 'Insert plans' })).toBeNull();
  });

  it('lists the queries of the session, brings one back, and forgets them at its end', async () => {
    serve({ ...signedIn(), ...SCHEMA, [ASK]: answer() });
    renderInApp(<SqlPage />);
    await write('select 42 as answer');
    await userEvent.click(screen.getByRole('button', { name: 'Run' }));
    const kept = await screen.findByRole('button', { name: /^select 42 as answer/ });
    await userEvent.click(screen.getByRole('button', { name: 'Clear' }));
    await userEvent.click(kept);
    expect(await editor()).toHaveValue('select 42 as answer');
    fireEvent.change(await editor(), { target: { value: '' } });
    dropSession();
    await expect.poll(() => screen.queryByText('Your queries')).toBeNull();
  });

  it('says that the role may not ask', async () => {
    serve({ ...signedIn(), [ASK]: { status: 403, body: { status: 403, detail: 'This needs sql:run.' } }, 'GET /api/v1/sql/schema': { status: 403, body: { status: 403, detail: 'This needs sql:run.' } } });
    renderInApp(<SqlPage />);
    expect(await screen.findAllByText('This is not open to your role')).not.toHaveLength(0);
  });

  it('speaks Hebrew around a query that stays left to right', async () => {
    serve({ ...signedIn(), ...SCHEMA });
    await renderInHebrew(<SqlPage />);
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'שאילתה' })).toBeVisible());
  });
});
