import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';

import type { QuarantineGroup } from '@/api/types';
import { renderInHebrew } from '@/testing/hebrew';
import { renderInApp, serve } from '@/testing/render';
import { signedIn } from '@/testing/signed-in';

import QuarantinePage from './quarantine-page';

const COUNTS = 'GET /api/v1/quarantine';
const GROUPS: QuarantineGroup[] = [
  { table: 'customers', severity: 'warning', rule: 'the e-mail looks like one', rows: 4, money_cents: null },
  { table: 'orders', severity: 'error', rule: 'order_date is missing', rows: 2, money_cents: 1_250 },
  { table: 'order_items', severity: 'error', rule: 'order_id is in orders', rows: 39, money_cents: 770_708 },
];

it('says how much was set aside and where most of it is', async () => {
  serve({ ...signedIn('quarantine:read'), [COUNTS]: { body: { data: GROUPS } } });
  renderInApp(<QuarantinePage />);
  expect(await screen.findByText('41 rows were set aside, in 2 tables: kept as they came, and in no figure. Most are in order_items: 39.')).toBeVisible();
  expect(screen.getByTitle('7,719.58')).toHaveTextContent('7.7');
  expect(screen.getAllByRole('heading', { level: 2 }).map((heading) => heading.textContent)).toEqual(['order_items', 'orders', 'customers']);
});

it('leads from each number to its rows', async () => {
  serve({ ...signedIn('quarantine:read'), [COUNTS]: { body: { data: GROUPS } } });
  renderInApp(<QuarantinePage />);
  expect(await screen.findByRole('link', { name: /order_date is missing/ })).toHaveAttribute('href', '/quarantine/orders?severity=error&rule=order_date+is+missing');
  expect(screen.getByRole('link', { name: 'See the rows of customers' })).toHaveAttribute('href', '/quarantine/customers');
});

it('narrows to what was kept with a warning', async () => {
  serve({ ...signedIn('quarantine:read'), [COUNTS]: { body: { data: GROUPS } } });
  renderInApp(<QuarantinePage />);
  await userEvent.click(await screen.findByRole('button', { name: 'What happened' }));
  await userEvent.click(within(screen.getByRole('menu')).getByRole('menuitemradio', { name: /Kept, with a warning/ }));
  expect(screen.getAllByRole('heading', { level: 2 }).map((heading) => heading.textContent)).toEqual(['customers']);
});

it('is glad of nothing, and says who may not look', async () => {
  serve({ ...signedIn('quarantine:read'), [COUNTS]: { body: { data: [] } } });
  const { unmount } = renderInApp(<QuarantinePage />);
  expect(await screen.findByText('Nothing is set aside')).toBeVisible();
  unmount();
  serve({ ...signedIn(), [COUNTS]: { status: 403, body: { detail: 'Your role may not see rows that were set aside.' } } });
  renderInApp(<QuarantinePage />);
  expect(await screen.findByRole('alert')).toHaveTextContent('This is not open to your role');
});

it('speaks Hebrew', async () => {
  serve({ ...signedIn('quarantine:read'), [COUNTS]: { body: { data: GROUPS } } });
  await renderInHebrew(<QuarantinePage />);
  await waitFor(() => expect(screen.getByText(/^41 שורות הוצאו הצידה, ב־2 טבלאות/)).toBeVisible());
});
