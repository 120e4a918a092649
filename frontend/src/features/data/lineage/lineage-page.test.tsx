import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';

import { renderInHebrew } from '@/testing/hebrew';
import { renderInApp, serve } from '@/testing/render';
import { signedIn } from '@/testing/signed-in';

import { LINEAGE } from '../samples';
import LineagePage from './lineage-page';

const ASKED = 'GET /api/v1/lineage';
const box = (name: RegExp) => screen.findByRole('button', { name });

it('draws every table as a button, and says what the chosen one hangs together with', async () => {
  serve({ ...signedIn(), [ASKED]: { body: LINEAGE } });
  renderInApp(<LineagePage />);
  const orders = await box(/^orders Curated/i);
  expect(orders).toHaveAccessibleName(/Needs a look/);
  await userEvent.click(orders);
  expect(orders).toHaveAttribute('aria-pressed', 'true');
  expect(screen.getByRole('status')).toHaveTextContent('orders is made from 1 tables and goes into 1.');
  expect(screen.getByRole('link', { name: 'Open orders' })).toHaveAttribute('href', '/data/orders');
  await userEvent.click(screen.getByRole('button', { name: 'Show all' }));
  expect(orders).toHaveAttribute('aria-pressed', 'false');
});

it('is walked with the arrow keys along its lines, and let go with Escape', async () => {
  serve({ ...signedIn(), [ASKED]: { body: LINEAGE } });
  renderInApp(<LineagePage />);
  (await box(/^orders Raw/i)).focus();
  await userEvent.keyboard('{ArrowRight}');
  expect(await box(/^orders Curated/i)).toHaveFocus();
  await userEvent.keyboard('{ArrowRight}{Enter}');
  const sales = await box(/^sales_daily/);
  expect(sales).toHaveFocus();
  expect(sales).toHaveAttribute('aria-pressed', 'true');
  await userEvent.keyboard('{Escape}');
  expect(sales).toHaveAttribute('aria-pressed', 'false');
});

it('flows the other way for readers of Hebrew: the arrow to the left goes on', async () => {
  serve({ ...signedIn(), [ASKED]: { body: LINEAGE } });
  await renderInHebrew(<LineagePage />);
  (await box(/^orders גולמי/)).focus();
  await userEvent.keyboard('{ArrowLeft}');
  expect(await box(/^orders מתוקן/)).toHaveFocus();
});

it('says the same as a list, with links to tables that have a page', async () => {
  serve({ ...signedIn(), [ASKED]: { body: LINEAGE } });
  renderInApp(<LineagePage />, { path: '/data/lineage?view=list' });
  const line = (await screen.findByRole('heading', { name: 'sales_daily' })).closest('li') as HTMLElement;
  expect(within(line).getByRole('link', { name: 'orders' })).toHaveAttribute('href', '/data/orders');
  expect(line).toHaveTextContent('Nothing reads it yet');
  expect(screen.queryByRole('link', { name: 'raw/orders' })).toBeNull();
});

it('grows and shrinks by buttons', async () => {
  serve({ ...signedIn(), [ASKED]: { body: LINEAGE } });
  renderInApp(<LineagePage />);
  const inner = (await box(/^sales_daily/)).parentElement as HTMLElement;
  expect(inner.style.transform).toBe('scale(1)');
  await userEvent.click(screen.getByRole('button', { name: 'Zoom in' }));
  expect(inner.style.transform).toBe('scale(1.25)');
  await userEvent.click(screen.getByRole('button', { name: 'Fit to the window' }));
  expect(inner.style.transform).toBe('scale(1)');
});

it('says that there is nothing to draw, or what went wrong', async () => {
  serve({ ...signedIn(), [ASKED]: { body: { nodes: [], edges: [] } } });
  const { unmount } = renderInApp(<LineagePage />);
  expect(await screen.findByText('There is nothing to draw yet.')).toBeVisible();
  unmount();
  serve({ ...signedIn(), [ASKED]: { status: 500, body: { detail: 'Broken.' } } });
  renderInApp(<LineagePage />);
  expect(await screen.findByRole('alert')).toHaveTextContent('Broken.');
});
