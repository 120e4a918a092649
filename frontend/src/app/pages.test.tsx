import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router';
import { afterEach, expect, it } from 'vitest';

import { dropSession, keepSession } from '@/api/session';
import { renderInApp, serve } from '@/testing/render';

import { PAGES, RAIL } from './features';
import { Pages } from './pages';

const profile = (permissions: string[]) => ({
  id: '1', email: 'dana@shop.example', name: 'Dana Levi', role: 'customer', language: 'en', theme: 'auto', permissions: ['self', ...permissions],
});

function Address() {
  const { pathname, search } = useLocation();
  return <output>{pathname + search}</output>;
}

function open(path: string, permissions: string[] | null) {
  if (permissions !== null) keepSession({ accessToken: 'old', expiresIn: 900 } as never);
  const user = profile(permissions ?? []);
  const seen = serve({
    'POST /api/v1/auth/refresh': { body: { accessToken: 't', expiresIn: 900, user } },
    'GET /api/v1/user/profile': { body: user },
    'GET /api/v1/catalog': { body: { systems: [], tables: [{ name: 'orders_daily', about: 'One row per day.' }] } },
  });
  renderInApp(<><Pages /><Address /></>, { path });
  return seen;
}

afterEach(dropSession);

it('asks a stranger to sign in and remembers where they wanted to go', async () => {
  open('/runs?status=failed', null);
  expect(await screen.findByRole('heading', { name: 'Sign in to omnix' })).toBeVisible();
  expect(screen.getByText('/sign-in?next=%2Fruns%3Fstatus%3Dfailed')).toBeVisible();
});

it('shows in the rail what the person may see, and says no to the rest', async () => {
  open('/runs', ['tables:read']);
  expect(await screen.findByRole('heading', { level: 1, name: 'This page is not open to your role' })).toBeVisible();
  const [rail] = screen.getAllByRole('navigation', { name: 'Pages', hidden: true });
  expect(within(rail as HTMLElement).queryByRole('link', { name: 'Runs', hidden: true })).toBeNull();
  expect(within(rail as HTMLElement).getByRole('link', { name: 'Data', hidden: true })).toBeInTheDocument();
});

it('says so when there is no such page', async () => {
  open('/nowhere/at/all', []);
  expect(await screen.findByRole('heading', { level: 1, name: 'There is no such page' })).toBeVisible();
  expect(document.title).toBe('There is no such page · omnix');
});

it('finds pages and tables by the keyboard alone', async () => {
  const person = userEvent.setup();
  open('/nowhere', ['tables:read']);
  await screen.findByRole('heading', { level: 1 });
  await person.keyboard('{Control>}k{/Control}');
  await person.type(await screen.findByRole('combobox'), 'ders_d');
  expect(await screen.findByRole('option', { name: /orders_daily/ })).toHaveAttribute('aria-selected', 'true');
  await person.keyboard('{Enter}');
  expect(await screen.findByText('/data/orders_daily')).toBeVisible();
});

it('leads a skip link to the content', async () => {
  open('/nowhere', []);
  expect(await screen.findByRole('link', { name: 'Skip to content' })).toHaveAttribute('href', '#content');
  expect(document.querySelector('main#content')).not.toBeNull();
});

it('has each address once, and both languages for each page', () => {
  const paths = PAGES.map((page) => page.path);
  expect(new Set(paths).size).toBe(paths.length);
  PAGES.forEach((page) => expect(page.title.he, page.path).toBeTruthy());
  expect(new Set(RAIL.map((page) => page.nav?.order)).size).toBe(RAIL.length);
});
