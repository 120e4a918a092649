import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ComponentType } from 'react';
import { describe, expect, it } from 'vitest';

import { renderInHebrew } from '@/testing/hebrew';
import { renderInApp, serve } from '@/testing/render';
import { signedIn } from '@/testing/signed-in';

import ComparisonPage from './comparison/comparison-page';
import { level, levels, series } from './samples';
import ScoreboardPage from './scoreboard/scoreboard-page';
import TrendsPage from './trends/trends-page';

const WHERE = { metric: 'net_sales', level: 'shop', item: '', grain: 'day', unit: 'money', currency: 'EUR', provenance: [], empty_because: null, needed: null };
const SCORES = { wape: 0.083, swape: 0.09, r2: 0.9, coverage_80: 0.81, coverage_95: 0.94, reason: '' };
const COMPARED = {
  ...WHERE, folds: 6, horizon: 30, tested_from: null, tested_to: null,
  rows: [
    { ...SCORES, model: 'theta', family: 'statistical', mase: 0.62, is_baseline: false, chosen: true, margin: 0.2152, p_value: 0.004 },
    { ...SCORES, model: 'prophet', family: 'prophet', mase: 0.78, is_baseline: false, chosen: false, margin: 0.0127, p_value: 0.4 },
    { ...SCORES, model: 'seasonal_naive', family: 'baseline', mase: 0.79, is_baseline: true, chosen: false, margin: 0, p_value: null },
  ],
  by_class: [{ level: 'product', series_class: 'intermittent', series: 12, model: 'tsb', mase: 0.9, baseline_mase: 1, margin: 0.1 }],
};
const WEEK = { periods: 7, predicted: 2_500_000, actual: 2_400_000, error_share: 0.04, wape: 0.08, baseline_wape: 0.12, within_80: 5 / 6, within_95: 1 };
const SCORED = {
  ...WHERE, sentence: 'The last 8 were off by 8 %, the 8 before by 11 %.', verdict: 'better', weeks: [{ ...WEEK, week: '2025-06-16' }, { ...WEEK, week: '2025-06-23' }],
  rows: [{ made_on: '2025-06-01', period: '2025-06-02', ahead: 1, predicted: 410_000, baseline: 400_000, actual: 400_000, error: 10_000, error_share: 0.025, lower_80: 1, upper_80: 2, lower_95: 1, upper_95: 2, within_80: false, model: 'theta', model_version: null, kind: 'live' }],
};
const TREND = {
  trend_date: '2025-06-30', trend_type: 'growth', metric_name: 'net_sales', metric_value: 1_700_000, growth_rate: 0.041, level: 'shop', item: '', name: null, parent: null, currency: 'EUR', unit: 'money', since: '2023-01-01',
  growth_year: 0.12, cagr: 0.1, momentum: 0.004, momentum_lower: 0.001, momentum_upper: 0.007, season_weekly: 0.8, season_yearly: null, stationary: false, p_value: 0.01, q_value: 0.02, reason: 'It grows.', adf_p: null, kpss_p: null, value_before: 1, value_year_ago: 1,
};
const CHANGED = { level: 'shop', item: '', name: null, parent: null, metric: 'net_sales', unit: 'money', currency: 'EUR', changed_on: '2025-05-20', kind: 'level', before: 3_100_000, after: 4_185_000, change: 0.35, p_value: 0, q_value: 0.0004, reason: 'Up.' };
const TRENDS = { trends: [TREND], changes: [CHANGED], count: 1, start_date: '1990-01-01', end_date: '2025-06-30', provenance: [], empty_because: null, needed: null };

function show(Page: ComponentType, path: string, body: object, parts = [level()]) {
  const at = path.split('?')[0] ?? '';
  const seen = serve({
    ...signedIn(),
    'GET /api/v1/market-intelligence/levels': { body: levels(parts) },
    'GET /api/v1/market-intelligence/series': { body: series() },
    [`GET /api/v1/market-intelligence/${at}`]: { body },
  });
  renderInApp(<Page />, { path: `/market-intelligence/${path}` });
  return seen;
}

describe('models compared', () => {
  it('says which is used, by how much it is better, and whether that may be chance', async () => {
    show(ComparisonPage, 'comparison', COMPARED);
    expect(await screen.findByText('Whole shop, Net sales: Theta is used. On the same tests its error is 22% lower than the baseline’s (MASE 0.62 against 0.79).')).toBeVisible();
    expect(screen.getByText('hardly chance (p 0.004)')).toBeVisible();
    expect(screen.getByText('may be chance (p 0.4)')).toBeVisible();
    expect(screen.getByText('used')).toBeVisible();
    expect(screen.getByText('rare')).toBeVisible();
  });

  it('does not claim a win that may be chance', async () => {
    const [first, ...others] = COMPARED.rows;
    show(ComparisonPage, 'comparison', { ...COMPARED, rows: [{ ...first, p_value: 0.3 }, ...others] });
    expect(await screen.findByText(/No model beat the baseline by more than chance/)).toBeVisible();
  });

  it('names the error of the baseline that the model is held against, not of another one', async () => {
    const better = { ...SCORES, model: 'moving_average', family: 'baseline', mase: 0.7, is_baseline: true, chosen: false, margin: 0.114, p_value: null };
    const [first, ...others] = COMPARED.rows;
    show(ComparisonPage, 'comparison', { ...COMPARED, rows: [first, better, ...others] });
    expect(await screen.findByText(/22% lower than the baseline’s \(MASE 0.62 against 0.79\)/)).toBeVisible();
  });

  it('draws the best where there are more models than bars', async () => {
    const many = Array.from({ length: 14 }, (_, at) => ({ ...SCORES, model: `model ${at}`, family: 'statistical', mase: 0.7 + at / 10, is_baseline: false, chosen: false, margin: 0, p_value: null }));
    show(ComparisonPage, 'comparison', { ...COMPARED, rows: [COMPARED.rows[0], ...many] });
    expect(await screen.findByText('Shorter is better. Least error: Theta, MASE 0.62.')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'More for Error of each model' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Show as table' }));
    const figure = within(screen.getByRole('figure', { name: 'Error of each model' }));
    expect(figure.getAllByRole('row')[1]).toHaveTextContent('Theta');
    expect(figure.getAllByRole('row')).toHaveLength(13);
  });

  it('calls the models by Hebrew names in Hebrew', async () => {
    const bars = ['ensemble', 'moving_average'].map((model, at) => ({ ...SCORES, model, family: 'statistical', mase: 0.7 + at, is_baseline: false, chosen: at === 0, margin: 0, p_value: null }));
    serve({
      ...signedIn(), 'GET /api/v1/market-intelligence/levels': { body: levels([level()]) },
      'GET /api/v1/market-intelligence/series': { body: series() }, 'GET /api/v1/market-intelligence/comparison': { body: { ...COMPARED, rows: bars } },
    });
    await renderInHebrew(<ComparisonPage />, '/market-intelligence/comparison');
    expect(await screen.findByText(/כמה יחד, MASE 0.7/)).toBeVisible();
  });

  it('says why nothing was compared', async () => {
    show(ComparisonPage, 'comparison', { ...COMPARED, rows: [], by_class: [], empty_because: 'It has too little history.', needed: 'More of it.' });
    expect(await screen.findByText('It has too little history.')).toBeVisible();
  });
});

describe('the scoreboard', () => {
  it('says whether it is getting better or worse, and what the bands held against their promise', async () => {
    show(ScoreboardPage, 'scoreboard', SCORED);
    expect(await screen.findByRole('heading', { name: 'Getting better' })).toBeVisible();
    expect(screen.getByText('The last 8 were off by 8 %, the 8 before by 11 %.')).toBeVisible();
    expect(screen.getByText('Last week: 8% off; the baseline 12%.')).toBeVisible();
    expect(screen.getByText('83.3%')).toBeVisible();
    expect(screen.getByText('promised 80%; 14 periods')).toBeVisible();
    expect(screen.getByText('outside')).toBeVisible();
  });

  it('leaves the week that is not over out of what it says of weeks', async () => {
    const begun = { ...WEEK, week: '2025-06-30', periods: 1, wape: 6.1, within_80: null, within_95: null };
    show(ScoreboardPage, 'scoreboard', { ...SCORED, weeks: [...SCORED.weeks, begun] });
    expect(await screen.findByText('Last week: 8% off; the baseline 12%.')).toBeVisible();
    expect(screen.getByText('Week of Jun 23, 2025: €25,000 predicted, €24,000.00 happened.')).toBeVisible();
  });

  it('speaks of months by month', async () => {
    const month = { ...WEEK, week: '2025-06-01', periods: 1, within_80: 1 };
    show(ScoreboardPage, 'scoreboard?grain=month', { ...SCORED, grain: 'month', weeks: [month] });
    expect(await screen.findByText('Last month: 8% off; the baseline 12%.')).toBeVisible();
    expect(screen.getByText('Error by month')).toBeVisible();
    expect(screen.getByText(/^Jun 1 – 30, 2025: €25,000 predicted/)).toBeVisible();
    expect(screen.getByText('promised 80%; 1 period')).toBeVisible();
  });

  it('tells forecasts made at the time from those tested on the past, in its address', async () => {
    const seen = show(ScoreboardPage, 'scoreboard?kind=live', SCORED);
    expect(await screen.findByRole('button', { name: 'Made at the time', pressed: true })).toBeVisible();
    expect(seen.some((request) => request.url.includes('/scoreboard?') && request.url.includes('kind=live'))).toBe(true);
    await userEvent.click(screen.getByRole('button', { name: 'All' }));
    await expect.poll(() => seen.filter((request) => request.url.includes('/scoreboard?')).at(-1)?.url.includes('kind')).toBe(false);
  });

  it('says that no forecast has come due', async () => {
    show(ScoreboardPage, 'scoreboard', { ...SCORED, weeks: [], rows: [], verdict: 'unknown', empty_because: 'None was kept.', needed: 'A run later.' });
    expect(await screen.findByText('None was kept.')).toBeVisible();
    expect(screen.getByText('What is needed: A run later.')).toBeVisible();
  });
});

describe('trends', () => {
  it('says where it is going and since when the level is another', async () => {
    show(TrendsPage, 'trends', TRENDS);
    expect(await screen.findByText('Whole shop, Net sales: growing. The last 28 days stand 4.1% higher than the 28 before. Since May 20, 2025 the level is 35% higher than before.')).toBeVisible();
    expect(await screen.findByText('hardly chance (q < 0.001)')).toBeVisible();
    expect(screen.getByText('+0.4% (+0.1% to +0.7%)')).toBeVisible();
  });

  it('shows the levels that a change is between, of growth what a year grew, and none near nought', async () => {
    const growth = { ...CHANGED, kind: 'growth', changed_on: '2025-04-01', before: -0.15, after: 1.295, change: 1.7 };
    const near = { ...CHANGED, changed_on: '2025-03-01', before: 10_000, after: 1_740_000, change: null };
    show(TrendsPage, 'trends', { ...TRENDS, changes: [CHANGED, growth, near] });
    const table = await screen.findByRole('region', { name: 'When it changed' });
    const cells = within(table).getAllByRole('row').map((row) => within(row).queryAllByRole('cell').slice(3, 6).map((cell) => cell.textContent));
    expect(cells).toEqual([[], ['+35%', '€31,000', '€41,850'], ['× 2.7', '-15% a year', '+129.5% a year'], ['–', '€100', '€17,400']]);
  });

  it('keeps the ends of a range apart in Hebrew', async () => {
    serve({
      ...signedIn(), 'GET /api/v1/market-intelligence/levels': { body: levels([level()]) },
      'GET /api/v1/market-intelligence/series': { body: series() }, 'GET /api/v1/market-intelligence/trends': { body: TRENDS },
    });
    await renderInHebrew(<TrendsPage />, '/market-intelligence/trends');
    const range = await screen.findByText(/ עד \u2066/);
    // Each end is its own piece of text: beside Hebrew two bare numbers would change places.
    expect(range.textContent.match(/\u2066[^\u2066\u2069]+\u2069/g)).toHaveLength(3);
  });

  it('asks of all parts of a level when told to', async () => {
    const seen = show(TrendsPage, 'trends', TRENDS);
    await userEvent.click(await screen.findByRole('combobox', { name: 'Of' }));
    const offered = within(await screen.findByRole('listbox'));
    expect(offered.queryByRole('option', { name: 'All stores' })).toBeNull();
    await userEvent.click(offered.getByRole('option', { name: 'All categories' }));
    await expect.poll(() => seen.some((request) => request.url.includes('level=category') && !request.url.includes('item='))).toBe(true);
  });

  it('offers all stores where there are any', async () => {
    const seen = show(TrendsPage, 'trends', TRENDS, [level({ level: 'store', item: 'Lyon' })]);
    await userEvent.click(await screen.findByRole('combobox', { name: 'Of' }));
    await userEvent.click(await screen.findByRole('option', { name: 'All stores' }));
    await expect.poll(() => seen.some((request) => request.url.includes('/trends?') && request.url.includes('level=store'))).toBe(true);
  });
});
