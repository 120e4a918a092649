import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { describe, expect, it } from 'vitest';

import { renderInApp, serve } from '@/testing/render';
import { signedIn } from '@/testing/signed-in';

import SystemPage from './system-page';

const HEALTHY = { state: 'ok', reasons: [] };
const METRIC = { name: 'net_sales', title: 'Net sales', about: '', unit: 'money', good: 'up', additive: true, expression: '', table: 'sales_daily', tables: [], systems: ['sales'], dimensions: [] };
const TABLE = { name: 'sales_daily', layer: 'analytics', system: 'sales', about: 'One row per day.\n\nMore.', rows: 12_785, version: 0, built_at: '2025-07-01T06:00:00Z', as_of: '2025-07-01', stale: false, quality: null, health: HEALTHY, empty_because: null, error: null, columns_count: 3, key: [], registered: false };
const ANOMALY = { date: '2025-06-14', metric: 'net_sales', title: 'Net sales', unit: 'money', currency: 'EUR', value: 152_505, expected: 0, lower: 0, upper: 88_982, score: 6, reason: 'What changed most: the category shoes.' };

const forecast = (change: object = {}) => ({
  system: 'sales', historical_data_points: 200, history: [{ date: '2025-06-29', value: 40_000 }, { date: '2025-06-30', value: 42_000 }], empty_because: null, provenance: [],
  forecast: {
    metric: 'net_sales', title: 'Net sales', unit: 'money', currency: 'EUR', horizon: 30, granularity: 'day', forecast: [{ date: '2025-07-01', value: 40_541 }],
    confidence_intervals: [{ date: '2025-07-01', level: 0.8, lower: 1_331, upper: 79_751 }, { date: '2025-07-01', level: 0.95, lower: 0, upper: 99_000 }],
    model: 'moving_average', accuracy_metrics: { rmse: 1, mae: 27_986, mape: null, coverage_80: 0.87, coverage_95: 0.96, folds: 12, tested_steps: 30 }, baseline: { model: 'seasonal_naive', rmse: 1, mae: 36_050, mape: null },
  },
  ...change,
});

function insights(request: Request) {
  const type = new URL(request.url).searchParams.get('type');
  const parts = {
    summary: { total_revenue: 1_224_387, total_orders: 266, unique_customers: 94, avg_order_value: 12_531, currency: 'EUR', dates: { from: '2025-06-01', to: '2025-06-30', label: '' }, by_currency: [], comparison: { from: '2024-06-01', to: '2024-06-30', label: '', total_revenue: 1, total_orders: 1, unique_customers: 1, avg_order_value: 1, change: { total_revenue: 0.1865, total_orders: 0.5, unique_customers: null, avg_order_value: -0.2 } } },
    trends: { currency: 'EUR', trend_data: [{ date: '2025-04-01', orders: 4, revenue: 90_000, partial: true }, { date: '2025-05-01', orders: 10, revenue: 100_000, partial: false }, { date: '2025-06-01', orders: 12, revenue: 80_000, partial: false }, { date: '2025-07-01', orders: 2, revenue: 5_000, partial: true }] },
    anomalies: [ANOMALY],
  };
  return { body: { system: 'sales', type, period: 'month', insights: parts[type as keyof typeof parts], empty_because: null, generated_at: '2025-07-01T06:00:00Z', provenance: [] } };
}

const kpi = { metric: 'net_sales', title: 'Net sales', about: '', unit: 'money', good: 'up', currency: 'EUR', value: 1_224_387, period: { from: '2025-06-01', to: '2025-06-30', label: '' }, comparison: { from: '2024-06-01', to: '2024-06-30', label: '', value: 1, change: 0.1865 }, sparkline: [], empty_because: null, provenance: [] };

function replies(change: Parameters<typeof serve>[0] = {}): Parameters<typeof serve>[0] {
  return {
    ...signedIn(),
    'GET /api/v1/catalog': { body: { systems: [{ name: 'sales', title: 'Sales', about: 'What is sold.', registered: false, enabled: true }], tables: [TABLE] } },
    'GET /api/v1/home': { body: { generated_at: '', cards: [], provenance: [] } },
    'GET /api/v1/metrics-catalog': { body: { metrics: [METRIC] } },
    'GET /api/v1/kpi': { body: kpi },
    'GET /api/v1/analytics/sales/insights': insights,
    'POST /api/v1/analytics/sales/forecast': { body: forecast() },
    ...change,
  };
}

const show = (path = '/systems/sales') => renderInApp(<Routes><Route path="/systems/:system" element={<SystemPage />} /></Routes>, { path });

describe('the page of a system', () => {
  it('shows its own numbers in money from hundredths, against a named period', async () => {
    serve(replies());
    show();
    expect(await screen.findByRole('heading', { name: 'Sales' })).toBeVisible();
    expect(await screen.findByText(/^€\W?12\.2\W+k\W?$/)).toBeVisible();
    expect(screen.getByText('up 18.7%')).toBeVisible();
  });

  it('says why a system without metrics has no numbers, and draws none', async () => {
    const because = 'sales has no metric: its tables tell all it has.';
    const seen = serve(replies({
      'GET /api/v1/metrics-catalog': { body: { metrics: [{ ...METRIC, systems: ['another'] }] } },
      'GET /api/v1/analytics/sales/insights': { body: { system: 'sales', type: 'summary', period: 'month', insights: {}, empty_because: because, generated_at: '2025-07-01T06:00:00Z', provenance: [] } },
    }));
    show();
    expect(await screen.findByText(because)).toBeVisible();
    expect(await screen.findByRole('link', { name: 'sales_daily' })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Week' })).toBeNull();
    expect(screen.queryByText('Average order value')).toBeNull();
    expect(seen.some((request) => request.url.endsWith('/forecast'))).toBe(false);
  });

  it('tells the last whole period, the highest, and what is under way', async () => {
    serve(replies());
    show();
    expect(await screen.findByText('June 2025: €800.00. Highest of what is shown: €1,000.00, May 2025. July 2025 stands at €50.00 so far.')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Orders' }));
    expect(await screen.findByText('June 2025: 12. Highest of what is shown: 12, June 2025. July 2025 stands at 2 so far.')).toBeVisible();
  });

  it('keeps the chosen period in its address and asks by it', async () => {
    const seen = serve(replies());
    show('/systems/sales?period=week');
    expect(await screen.findByRole('button', { name: 'Week', pressed: true })).toBeVisible();
    await screen.findByText(/^€\W?12\.2\W+k\W?$/);
    expect(seen.some((request) => request.url.includes('/kpi?metric=net_sales&period=week'))).toBe(true);
  });

  it('gives the reason of an unusual day', async () => {
    serve(replies());
    show();
    expect(await screen.findByText('What changed most: the category shoes.')).toBeVisible();
    expect(screen.getByText('€1,525.05')).toBeVisible();
    expect(screen.getByText('usually €0.00 to €889.82')).toBeVisible();
  });

  it('says what to expect, with band, model and how good it has been', async () => {
    serve(replies());
    show();
    expect(await screen.findByText(/^Expected for .*: €405\.41; with 80 % certainty between €13\.31 and €797\.51\.$/)).toBeVisible();
    expect(await screen.findByText(/In 12 tests on the past it was off by €279\.86 on average, plain seasonal repetition by €360\.50; its 80 % band held 87% of what came\./)).toBeVisible();
    expect(screen.getByText('Model: moving average.')).toBeVisible();
  });

  it('says what a forecast lacks and lets another be asked for', async () => {
    const few = 'A forecast by day needs 28 whole days; there are 9.';
    const seen = serve(replies({ 'POST /api/v1/analytics/sales/forecast': { body: forecast({ empty_because: few }) } }));
    show();
    expect(await screen.findByText(few)).toBeVisible();
    await userEvent.click(screen.getAllByRole('button', { name: 'Month' })[1]!);
    await expect.poll(() => seen.filter((request) => request.url.endsWith('/forecast')).length).toBe(2);
    expect(await seen.findLast((request) => request.url.endsWith('/forecast'))?.json()).toMatchObject({ granularity: 'month', horizon: 6 });
  });

  it('lists its tables by what one row is', async () => {
    serve(replies());
    show();
    expect(await screen.findByRole('link', { name: 'sales_daily' })).toHaveAttribute('href', '/data/sales_daily');
    expect(screen.getByText('One row per day.')).toBeVisible();
  });

  it('offers a run to who may start one', async () => {
    serve({ ...replies(), ...signedIn('runs:start') });
    show();
    expect(await screen.findByRole('link', { name: 'Bring up to date' })).toHaveAttribute('href', '/runs?start=sales');
  });

  it('says that there is no such system', async () => {
    serve(replies());
    show('/systems/nope');
    expect(await screen.findByRole('heading', { name: 'There is no system “nope”' })).toBeVisible();
    expect(screen.getByRole('link', { name: 'To the home page' })).toBeVisible();
  });

  it('says what went wrong', async () => {
    serve(replies({ 'GET /api/v1/catalog': { status: 503, body: { status: 503, detail: 'The lake is being moved.', step: 'Try later.' } } }));
    show();
    expect(await screen.findByText('The lake is being moved.')).toBeVisible();
  });
});
