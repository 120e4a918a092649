import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';

import { renderInHebrew } from '@/testing/hebrew';
import { renderInApp, serve } from '@/testing/render';
import { signedIn } from '@/testing/signed-in';

import { catalogTable, SYSTEMS, TABLES } from '../samples';
import CataloguePage from './catalogue-page';

const CATALOG = 'GET /api/v1/catalog';
const body = { systems: SYSTEMS, tables: TABLES };

it('says how things stand, and lists tables by system with the shop’s own first', async () => {
  serve({ ...signedIn(), [CATALOG]: { body } });
  renderInApp(<CataloguePage />);
  expect(await screen.findByText('2 of 3 tables are healthy; payments needs a look.')).toBeVisible();
  const systems = screen.getAllByRole('heading', { level: 2 }).map((heading) => heading.textContent);
  expect(systems).toEqual(['Curation', 'Market intelligence']);
  // What needs a look stands first.
  expect(screen.getAllByRole('heading', { level: 3 }).map((heading) => heading.textContent)).toEqual(['payments', 'orders', 'sales_daily']);
  const orders = screen.getByRole('link', { name: /orders/ });
  expect(orders).toHaveAttribute('href', '/data/orders');
  expect(orders).toHaveTextContent('One row per orders.');
  expect(orders).toHaveTextContent('5,027');
  expect(orders).toHaveTextContent('94.6%');
  expect(screen.getByText('payments was held back in the last run.')).toBeVisible();
});

it('narrows by words, and offers the way back when nothing is left', async () => {
  serve({ ...signedIn(), [CATALOG]: { body } });
  renderInApp(<CataloguePage />);
  const search = await screen.findByRole('searchbox', { name: 'Search tables' });
  await userEvent.type(search, 'sales');
  expect(screen.queryByRole('link', { name: /orders/ })).toBeNull();
  await userEvent.type(search, 'zzz');
  await userEvent.click(screen.getByRole('button', { name: 'Clear the filters' }));
  expect(screen.getByRole('link', { name: /orders/ })).toBeVisible();
});

it('narrows by a chip whose options say how many they leave', async () => {
  serve({ ...signedIn(), [CATALOG]: { body } });
  renderInApp(<CataloguePage />, { path: '/data?layer=curated' });
  await userEvent.click(await screen.findByRole('button', { name: 'Health' }));
  const menu = screen.getByRole('menu');
  expect(within(menu).getByRole('menuitemradio', { name: /Healthy/ })).toHaveTextContent('1');
  await userEvent.click(within(menu).getByRole('menuitemradio', { name: /Failed/ }));
  const links = () => screen.getAllByRole('listitem').map((item) => within(item).getByRole('heading').textContent);
  await waitFor(() => expect(links()).toEqual(['payments']));
});

it('teaches the first run where nothing is built, and starts it only for who may', async () => {
  const tables = [catalogTable({ name: 'orders', version: null, rows: null, built_at: null, quality: null, health: { state: 'empty', reasons: [] } })];
  serve({ ...signedIn(), [CATALOG]: { body: { systems: SYSTEMS, tables } } });
  const { unmount } = renderInApp(<CataloguePage />);
  expect(await screen.findByText('omnix run')).toBeVisible();
  expect(screen.queryByRole('link', { name: 'Start a run' })).toBeNull();
  unmount();
  serve({ ...signedIn('runs:start'), [CATALOG]: { body: { systems: SYSTEMS, tables } } });
  renderInApp(<CataloguePage />);
  expect(await screen.findByRole('link', { name: 'Start a run' })).toHaveAttribute('href', '/runs');
});

it('keeps its room while it loads, then says what went wrong and tries again', async () => {
  const problem = { status: 500, body: { detail: 'The lake cannot be read.', step: 'Run omnix doctor.' } };
  let answer: { status?: number; body: unknown } = problem;
  serve({ ...signedIn(), [CATALOG]: () => answer });
  const { container } = renderInApp(<CataloguePage />);
  expect(container.querySelectorAll('.MuiSkeleton-root').length).toBeGreaterThan(5);
  expect(await screen.findByRole('alert')).toHaveTextContent('The lake cannot be read.Run omnix doctor.');
  answer = { body };
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('link', { name: /orders/ })).toBeVisible();
});

it('speaks Hebrew', async () => {
  serve({ ...signedIn(), [CATALOG]: { body } });
  await renderInHebrew(<CataloguePage />);
  await waitFor(() => expect(screen.getByText(/^2 מתוך 3 טבלאות תקינות; \u2068payments\u2069 דורשת בדיקה\.$/)).toBeVisible());
});
