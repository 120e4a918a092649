import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { renderInApp, serve } from '@/testing/render';
import { signedIn } from '@/testing/signed-in';

import PricingPage from './pricing-page';

const SUMMARY = { products: 1, competitors: 2, median_index: 110, stale: 0, cheaper: 0, level: 0, dearer: 1, to_lower: 1, to_raise: 0 };
const ROW = {
  product_id: 'p1', product_name: 'Red shoe', category_id: 'c1', competitor_name: 'Rival Ltd', currency: 'EUR', competitor_price: 4_990, our_price: 5_490, price_difference: 500, price_difference_pct: 10.02,
  last_updated: '2025-06-20T00:00:00Z', is_stale: false, competitors: 2, market_mean: 4_990, market_least: 4_990, index: 110, rank: 3, position: 'luxury', position_30d: 'market', position_90d: null, cost: 3_000, margin_floor: 0.1, floor_price: 3_300,
  action: 'lower', suggested_price: 4_990, reason: '10 % above the market: down to its mean.',
};
const EMPTY = { pricing: [], summary: { ...SUMMARY, products: 0 }, history: [], count: 0, empty_because: 'There is no feed.', needed: 'A CSV with prices.', provenance: [] };
const CSV = 'product_id,competitor_name,competitor_price,observed_at\np1,Rival Ltd,49.90,2025-06-20\np1,Rival Ltd,ten,2025-06-21\n';

function show(body: object, replies: Parameters<typeof serve>[0] = {}) {
  const seen = serve({ ...signedIn('runs:start', 'quarantine:read'), 'GET /api/v1/market-intelligence/competitive-pricing': { body }, ...replies });
  renderInApp(<PricingPage />);
  return seen;
}

const upload = async (text: string) => userEvent.upload(await screen.findByLabelText('Choose a file'), new File([text], 'prices.csv', { type: 'text/csv' }));

describe('competitor prices', () => {
  it('shows each gap, position and suggestion in words', async () => {
    show({ ...EMPTY, pricing: [ROW], summary: SUMMARY, count: 1, empty_because: null, needed: null });
    expect(await screen.findByText('10% dearer')).toBeVisible();
    expect(screen.getByText('far above the market')).toBeVisible();
    expect(screen.getByText('Lower to €49.90')).toBeVisible();
    expect(screen.getByText('10 % above the market: down to its mean.')).toBeVisible();
    // What to do stands where no one has to scroll for it.
    const columns = screen.getAllByRole('columnheader').map((each) => each.textContent);
    expect(columns.indexOf('Suggestion')).toBeLessThan(columns.indexOf('Position'));
    expect(screen.getByText('1 product beside 2 competitors: 0 cheaper than the market, 0 level with it, 1 dearer.')).toBeVisible();
  });

  it.each([[false, 'smooth'], [true, 'auto']])('brings the chart of a chosen row into view; still for who wants it so: %s', async (isReduced, behavior) => {
    const media = window.matchMedia;
    vi.stubGlobal('matchMedia', (query: string) => ({ ...media(query), matches: isReduced && query.includes('reduced-motion') }));
    const into = vi.fn();
    Element.prototype.scrollIntoView = into;
    onTestFinished(() => { Reflect.deleteProperty(Element.prototype, 'scrollIntoView'); });
    show({ ...EMPTY, pricing: [ROW], summary: SUMMARY, count: 1, empty_because: null, needed: null });
    into.mockClear();
    await userEvent.click(await screen.findByText('Red shoe'));
    expect(await screen.findByRole('heading', { name: /Red shoe/ })).toBeVisible();
    expect(into).toHaveBeenLastCalledWith({ block: 'nearest', behavior });
    expect(into.mock.contexts.at(-1)).toContainElement(screen.getByRole('heading', { name: /Red shoe/ }));
  });

  it('without a feed says why there is nothing, and what is needed', async () => {
    show(EMPTY);
    expect(await screen.findByText('There is no feed.')).toBeVisible();
    expect(screen.getByText('What is needed: A CSV with prices.')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Choose a file' })).toBeVisible();
  });

  it('shows a chosen file before it is sent, then what became of each row', async () => {
    const seen = show(EMPTY, {
      'POST /api/v1/market-intelligence/competitor-prices': { body: { upload_id: 'a1b2', rows: 2, accepted: 1, quarantined: 1, repeated: 0, known: false, run_id: 'r9' } },
      'GET /api/v1/market-intelligence/competitor-prices/a1b2': { body: { upload_id: 'a1b2', rows: 2, accepted: 1, quarantined: 1, repeated: 0, refused: [{ place: 2, row_id: 1, row_key: null, rules: 'price is a number', severity: 'error', money_cents: null, source_row: { product_id: 'p1', competitor_name: 'Rival Ltd' } }], next_cursor: null } },
    });
    await upload(CSV);
    expect(await screen.findByText('prices.csv: 2 rows')).toBeVisible();
    expect(screen.getByRole('cell', { name: 'ten' })).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(await screen.findByText('2 rows were read. 1 was taken in.')).toBeVisible();
    expect(await screen.findByText('p1 · Rival Ltd')).toBeVisible();
    expect(screen.getByText('price is a number').closest('li')).toHaveTextContent('Row 2: p1 · Rival Ltd: price is a number');
    expect(screen.getByText('a1b2')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Look at what was set aside' })).toHaveAttribute('href', '/quarantine/competitor_prices?upload=a1b2');
    expect(await seen.find((request) => request.method === 'POST' && request.url.endsWith('/competitor-prices'))?.text()).toBe(CSV);
  });

  it('names the columns that a file lacks, and sends nothing', async () => {
    const seen = show(EMPTY);
    await upload('product,price\np1,9\n');
    expect(await screen.findByText('These columns are missing: product_id, competitor_name, competitor_price, observed_at. Found: product, price.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Send' })).toBeNull();
    expect(seen.some((request) => request.url.endsWith('/competitor-prices'))).toBe(false);
  });

  it('asks how days are meant that can be read in two ways', async () => {
    const seen = show(EMPTY, { 'POST /api/v1/market-intelligence/competitor-prices': { body: { upload_id: 'c3', rows: 1, accepted: 1, quarantined: 0, repeated: 0, known: false, run_id: null } } });
    await upload(CSV.replaceAll('2025-06-20', '01/05/2025'));
    await userEvent.click(await screen.findByRole('combobox', { name: 'Days such as 01/05/2026' }));
    await userEvent.click(await screen.findByRole('option', { name: 'The day comes first' }));
    await userEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(await screen.findByText('None was set aside.')).toBeVisible();
    expect(seen.some((request) => request.url.endsWith('/competitor-prices?day_first=true'))).toBe(true);
  });

  it('says why a file was refused as a whole', async () => {
    show(EMPTY, { 'POST /api/v1/market-intelligence/competitor-prices': { status: 422, body: { status: 422, detail: 'The shop has no price in USD.', step: 'Send prices in EUR.' } } });
    await upload(CSV);
    await userEvent.click(await screen.findByRole('button', { name: 'Send' }));
    expect(await screen.findByText('The shop has no price in USD.')).toBeVisible();
    expect(screen.getByText('prices.csv: 2 rows')).toBeVisible();
  });

  it('says that sending is open to others only', async () => {
    serve({ ...signedIn(), 'GET /api/v1/market-intelligence/competitive-pricing': { body: EMPTY } });
    renderInApp(<PricingPage />);
    expect(await screen.findByText('Sending a file is open to those who may start runs.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Choose a file' })).toBeNull();
  });
});
