import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import type { SystemCard } from '@/api/types';
import { renderInHebrew } from '@/testing/hebrew';
import { renderInApp, serve } from '@/testing/render';
import { signedIn } from '@/testing/signed-in';

import { leading } from './answer';
import HomePage from './home-page';

const HOME = 'GET /api/v1/home';

function card(system: string, change: Partial<SystemCard> = {}): SystemCard {
  return {
    system, title: system, about: `About ${system}.`, headline: null, empty_reason: null, tables: 2, registered: false,
    freshness: { as_of: '2025-06-30', built_at: '2025-07-01T06:00:00Z', stale: false }, health: { state: 'ok', reasons: [] }, ...change,
  };
}

function headline(metric: string, value: number, unit: 'money' | 'count' | 'ratio', change: number | null): NonNullable<SystemCard['headline']> {
  return {
    metric, label: metric, value, unit, currency: unit === 'money' ? 'EUR' : null, good: 'up', sparkline: [{ date: '2025-06-29', value: 1 }, { date: '2025-06-30', value: 2 }],
    period: { from: '2025-06-03', to: '2025-06-30', label: '' },
    comparison: { from: '2025-05-06', to: '2025-06-02', label: '', value: 1, change },
  };
}

const home = (...cards: SystemCard[]) => ({ body: { generated_at: new Date().toISOString(), cards, provenance: [] } });
const SALES = card('sales', { headline: headline('net_sales', 4_120_000, 'money', 0.041) });

describe('the home page', () => {
  it('answers in one sentence: the figure, its period and what it is compared with', async () => {
    serve({ ...signedIn(), [HOME]: home(card('people', { headline: headline('customers', 94, 'count', 0.1) }), SALES) });
    renderInApp(<HomePage />);
    expect(await screen.findByText(/^net_sales: €\W?41\.2\W+k\W+for .*30.*2025, ▲ 4\.1% vs .*May.*2.*2025\. All systems are healthy\.$/)).toBeVisible();
  });

  it('gives each system a card that leads to it, with money from hundredths and rates as percent', async () => {
    serve({ ...signedIn(), [HOME]: home(SALES, card('guard', { headline: headline('payment_failure_rate', 0.023, 'ratio', -0.4) })) });
    renderInApp(<HomePage />);
    await screen.findByRole('link', { name: 'sales' });
    const [first, second] = within(screen.getByRole('list', { name: 'Systems' })).getAllByRole('listitem');
    expect(within(first!).getByText(/^€\W?41\.2\W+k\W?$/)).toBeVisible();
    expect(within(first!).getByRole('link', { name: 'sales' })).toHaveAttribute('href', '/systems/sales');
    expect(within(second!).getByText('2.3%')).toBeVisible();
  });

  it('says what needs a look and filters by it', async () => {
    const ill = card('stock', { headline: headline('units', 5, 'count', null), health: { state: 'warning', reasons: ['orders is two days old.', 'One more.'] } });
    serve({ ...signedIn(), [HOME]: home(SALES, ill) });
    renderInApp(<HomePage />);
    expect(await screen.findByText(/1 system needs a look\./)).toBeVisible();
    expect(screen.getByText('orders is two days old. and 1 more')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Needs a look · 1' }));
    expect(screen.queryByRole('link', { name: 'sales' })).toBeNull();
    expect(screen.getByRole('link', { name: 'stock' })).toBeVisible();
  });

  it('says that there is nothing earlier to compare with', async () => {
    serve({ ...signedIn(), [HOME]: home(card('sales', { headline: headline('net_sales', 100, 'money', null) })) });
    renderInApp(<HomePage />);
    expect(await screen.findByText(/There is no earlier period to compare with yet\./)).toBeVisible();
    expect(screen.getByText('Nothing earlier to compare with')).toBeVisible();
  });

  it('teaches the next step for a system without data, to who may take it', async () => {
    serve({ ...signedIn('runs:start'), [HOME]: home(SALES, card('loyalty', { registered: true, empty_reason: 'None of its tables was built yet.', health: { state: 'empty', reasons: [] } })) });
    renderInApp(<HomePage />);
    expect(await screen.findByText('None of its tables was built yet.')).toBeVisible();
    expect(screen.getByRole('link', { name: 'See its tables: loyalty' })).toHaveAttribute('href', '/systems/loyalty');
    expect(screen.getByRole('link', { name: 'Start a run' })).toHaveAttribute('href', '/runs?start=');
  });

  it('offers the first run where nothing was built, and nothing to who may not start one', async () => {
    const bare = card('sales', { freshness: { as_of: null, built_at: null, stale: false }, health: { state: 'empty', reasons: [] } });
    serve({ ...signedIn('runs:start'), [HOME]: home(bare) });
    const { unmount } = renderInApp(<HomePage />);
    expect(await screen.findByRole('link', { name: 'Start the first run' })).toBeVisible();
    unmount();
    serve({ ...signedIn(), [HOME]: home(bare) });
    renderInApp(<HomePage />);
    expect(await screen.findAllByText('Nothing has been built yet, so there are no numbers to show.')).not.toHaveLength(0);
    expect(screen.queryByRole('link', { name: 'Start the first run' })).toBeNull();
  });

  it('says what went wrong and tries again', async () => {
    let isBroken = true;
    serve({ ...signedIn(), [HOME]: () => (isBroken ? { status: 503, body: { status: 503, detail: 'The store is locked.', step: 'Try again in a moment.' } } : home(SALES)) });
    renderInApp(<HomePage />);
    expect(await screen.findByText('The store is locked.')).toBeVisible();
    isBroken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('link', { name: 'sales' })).toBeVisible();
  });

  it('speaks Hebrew, the names of known numbers too', async () => {
    serve({ ...signedIn(), [HOME]: home(SALES) });
    await renderInHebrew(<HomePage />);
    await waitFor(() => expect(screen.getByText(/^מכירות נטו: .* כל המערכות תקינות\.$/)).toBeVisible());
  });
});

it('leads with sales, else with the first number there is', () => {
  const other = card('people', { headline: headline('customers', 94, 'count', 0.1) });
  expect(leading([other, SALES])?.metric).toBe('net_sales');
  expect(leading([card('empty'), other])?.metric).toBe('customers');
  expect(leading([card('empty')])).toBeUndefined();
});
