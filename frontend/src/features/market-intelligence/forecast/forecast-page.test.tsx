import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router';
import { describe, expect, it } from 'vitest';

import { renderInHebrew } from '@/testing/hebrew';
import { renderInApp, serve } from '@/testing/render';
import { signedIn } from '@/testing/signed-in';

import { level, levels, past, series, whatIf } from '../samples';
import type { Series } from '../types';
import ForecastPage from './forecast-page';

function Address() {
  return <output>{useLocation().search}</output>;
}

function answered(change: Partial<Series>) {
  return (request: Request) => {
    const query = new URL(request.url).searchParams;
    const asked = { level: query.get('level') ?? 'shop', item: query.get('item') ?? '', metric: query.get('metric') ?? 'net_sales', grain: query.get('grain') ?? 'day' };
    return { body: { ...series(change), ...asked } };
  };
}

function show(path = '/market-intelligence/forecast', change: Partial<Series> = {}, replies: Parameters<typeof serve>[0] = {}) {
  const seen = serve({
    ...signedIn(),
    'GET /api/v1/market-intelligence/series': answered(change),
    'GET /api/v1/market-intelligence/levels': { body: levels([level(), level({ level: 'category', item: 'c1', name: 'Shoes' })]) },
    'POST /api/v1/market-intelligence/what-if': { body: whatIf() },
    ...replies,
  });
  renderInApp(<><ForecastPage /><Address /></>, { path });
  return seen;
}

const asked = (seen: Request[], path: string) => seen.filter((request) => new URL(request.url).pathname.endsWith(path)).map((request) => new URL(request.url).searchParams);

describe('the forecast explorer', () => {
  it('says first what to expect, how surely, and how the last forecast did', async () => {
    show();
    expect(await screen.findByText('Next 7 days: €41,200 ± €3,100 expected. The last forecast was 4.1% high.')).toBeVisible();
    expect(screen.getByText('On Jul 2, 2025: €5,000 expected, with 80 % certainty between €4,500 and €5,500.')).toBeVisible();
  });

  it('calls a forecast that was tried on the past by that name', async () => {
    show(undefined, { last_forecast: { made_on: '2025-06-01', periods: 7, predicted: 1, actual: 2, error_share: -0.488, kind: 'backtest' } });
    expect(await screen.findByText('Next 7 days: €41,200 ± €3,100 expected. The last one tried on the past was 48.8% low.')).toBeVisible();
  });

  it('names the days of its tests to the last one, of months too, and a single test as one', async () => {
    const { scores } = series();
    show('/market-intelligence/forecast?grain=month', { grain: 'month', scores: scores && { ...scores, folds: 1, tested_from: '2025-04-01', tested_to: '2025-05-01' } });
    expect(await screen.findByText(/^In 1 test on Apr 1 – May 31, 2025 it was off by 8\.3%/)).toBeVisible();
  });

  it('claims no certainty of a sum that the service does not know', async () => {
    show(undefined, { next: null, last_forecast: null });
    expect(await screen.findByText('Next 3 days: €11,000 expected.')).toBeVisible();
  });

  it('names the model, its tests beside the baseline’s, what the bands held, and closed days', async () => {
    show();
    expect(await screen.findByText('Least error of 12.')).toBeVisible();
    expect(screen.getByText(/In 6 tests on .* it was off by 8\.3% of sales; the baseline by 10\.5%\. That is 21% less error than the baseline\./)).toBeVisible();
    expect(screen.getByRole('row', { name: /MASE .* 0\.62 0\.79/ })).toBeVisible();
    expect(screen.getByText('Closed every Tuesday.')).toBeVisible();
    expect(screen.getByText('81%')).toBeVisible();
  });

  it('lists what stands on the axis and gives every figure as a table', async () => {
    show();
    expect(await screen.findByText('Summer sale')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: /More for/ }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Show as table' }));
    const row = await screen.findByRole('row', { name: /Jul 2, 2025/ });
    expect(within(row).getAllByRole('cell').map((cell) => cell.textContent)).toEqual(['Jul 2, 2025', '', '€5,000', '€4,500', '€4,750', '€5,250', '€4,500', '€5,500', '€4,000', '€6,000', 'Summer sale']);
  });

  it('keeps place and switches in its address, and asks by them', async () => {
    const seen = show('/market-intelligence/forecast?metric=units&grain=week&horizon=4');
    await userEvent.click(await screen.findByRole('treeitem', { name: /^Shoes/ }));
    expect(screen.getByText('?metric=units&grain=week&horizon=4&level=category&item=c1')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Month' }));
    await expect.poll(() => Object.fromEntries(asked(seen, '/series').at(-1) ?? [])).toMatchObject({ level: 'category', item: 'c1', metric: 'units', grain: 'month', horizon: '6' });
    expect(screen.getByText('?metric=units&grain=month&level=category&item=c1')).toBeVisible();
  });

  it('says why there is no forecast and what it would take', async () => {
    show(undefined, { forecast: [], history: [], next: null, last_forecast: null, model: null, scores: null, empty_because: 'It was first sold 9 days ago.', needed: '28 days of history.' });
    expect(await screen.findByText('It was first sold 9 days ago. What is needed: 28 days of history.')).toBeVisible();
    expect(screen.queryByRole('heading', { name: 'What if?' })).toBeNull();
  });

  it('shows what happened even where there is no forecast', async () => {
    show(undefined, { forecast: [], next: null, last_forecast: null, model: null, scores: null, empty_because: 'It is new.', needed: 'A run.' });
    expect(await screen.findByText('It is new. What is needed: A run.')).toBeVisible();
    expect(screen.queryByText('Not enough data yet')).toBeNull();
  });

  it.each([
    [1, 'The money of 1 order of the last 365 days is left out, as no exchange rate converts it to EUR: add a table exchange_rates to the source and start a run (see the documentation: Forecasting, Several currencies).'],
    [1_200, 'The money of 1,200 orders of the last 365 days is left out, as no exchange rate converts it to EUR: add a table exchange_rates to the source and start a run (see the documentation: Forecasting, Several currencies).'],
  ])('says that the money of %i orders is left out, and what brings it in', async (unconverted_orders, words) => {
    show(undefined, { unconverted_orders });
    expect(await screen.findByRole('alert')).toHaveTextContent(words);
  });

  it('says nothing of left out money where there is none, nor of counts, which have every order', async () => {
    show('/market-intelligence/forecast?metric=orders', { unconverted_orders: 12 });
    expect(await screen.findByText('Least error of 12.')).toBeVisible();
    expect(screen.queryByText(/is left out/)).toBeNull();
  });

  it('says in Hebrew that money is left out', async () => {
    serve({ ...signedIn(), 'GET /api/v1/market-intelligence/series': answered({ unconverted_orders: 1_200 }), 'GET /api/v1/market-intelligence/levels': { body: levels([level()]) } });
    await renderInHebrew(<ForecastPage />);
    expect(await screen.findByRole('alert')).toHaveTextContent(/^הכסף של 1,200 הזמנות .*EUR.* exchange_rates .*\.$/);
  });

  it('says what went wrong, with the next step', async () => {
    show(undefined, {}, { 'GET /api/v1/market-intelligence/series': { status: 404, body: { status: 404, detail: 'The shop never sold p9.', step: 'Choose another.' } } });
    expect(await screen.findByText('The shop never sold p9.')).toBeVisible();
    expect(screen.getByText('Choose another.')).toBeVisible();
  });

  it('speaks Hebrew', async () => {
    serve({ ...signedIn(), 'GET /api/v1/market-intelligence/series': answered({}), 'GET /api/v1/market-intelligence/levels': { body: levels([level()]) } });
    await renderInHebrew(<ForecastPage />);
    expect(await screen.findByText(/^ב־7 הימים הבאים: צפוי .*± .*התחזית הקודמת הייתה גבוהה ב־4\.1/)).toBeVisible();
    expect(await screen.findByRole('heading', { name: 'מה אם?' })).toBeVisible();
  });
});

describe('what if', () => {
  it('asks the stored model, and tells the effect in words with its warnings', async () => {
    const seen = show();
    await userEvent.click(await screen.findByRole('button', { name: 'What would happen?' }));
    expect(await screen.findByText('With your changes €6,000 instead of €5,000: €1,000 more (20%).')).toBeVisible();
    const sent: unknown = await seen.find((request) => request.url.endsWith('/what-if'))?.json();
    expect(sent).toEqual({ metric: 'net_sales', level: 'shop', item: '', grain: 'day', horizon: 30, changes: [{ kind: 'promotion', from: '2025-07-02', to: '2025-07-02' }] });
  });

  it('sends another price as a multiple of the usual one, and refuses nonsense beside its field', async () => {
    const seen = show();
    await userEvent.click(await screen.findByRole('combobox', { name: 'What' }));
    await userEvent.click(await screen.findByRole('option', { name: 'Another price' }));
    const percent = await screen.findByLabelText('Price change in percent');
    await userEvent.clear(percent);
    await userEvent.type(percent, 'ten');
    await userEvent.click(screen.getByRole('button', { name: 'What would happen?' }));
    expect(await screen.findByText('A number from -90 to 300, other than 0.')).toBeVisible();
    expect(asked(seen, '/what-if')).toHaveLength(0);
    await userEvent.clear(percent);
    await userEvent.type(percent, '-15');
    await userEvent.click(screen.getByRole('button', { name: 'What would happen?' }));
    await screen.findByText(/instead of/);
    expect(await seen.find((request) => request.url.endsWith('/what-if'))?.json()).toMatchObject({ changes: [{ kind: 'price', value: 0.85 }] });
  });

  it('holds several changes, and says when the answer is of the ones before', async () => {
    show();
    await userEvent.click(await screen.findByRole('button', { name: 'What would happen?' }));
    await screen.findByText(/instead of/);
    await userEvent.click(screen.getByRole('button', { name: 'Another change' }));
    expect(await screen.findByText('The answer is of the changes before; ask again.')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Remove change 2' }));
    expect(screen.queryByText('The answer is of the changes before; ask again.')).toBeNull();
  });

  it('keeps what was typed when the service refuses', async () => {
    show(undefined, {}, { 'POST /api/v1/market-intelligence/what-if': { status: 422, body: { status: 422, detail: 'The days lie outside.', step: 'Choose others.' } } });
    await userEvent.click(await screen.findByRole('button', { name: 'What would happen?' }));
    expect(await screen.findByText('The days lie outside.')).toBeVisible();
    expect(screen.getByLabelText('From')).toHaveValue('2025-07-02');
  });

  it('says from which past days the difference comes, how surely, and what it is not', async () => {
    const warned = [{ code: 'from_past', words: 'x', values: { kind: 'promotion', model: 'theta' } }, { code: 'not_cause', words: 'y', values: {} }] as const;
    const answer = whatIf({ past: [past()], lower_effect: 20_000, upper_effect: 150_000, warnings: ['x', 'y'], warned: [...warned] });
    show(undefined, {}, { 'POST /api/v1/market-intelligence/what-if': { body: answer } });
    await userEvent.click(await screen.findByRole('button', { name: 'What would happen?' }));
    expect(await screen.findByText('With your changes €6,000 instead of €5,000: €1,000 more (20%). With 80 % certainty the difference lies between €200 and €1,500.')).toBeVisible();
    expect(await screen.findByText('From 13 past promotions (126 days): +12% (80 %: +4% … +19%).')).toBeVisible();
    expect(screen.getByText('A promotion: the model (Theta) does not read such days; the difference is that of the past.')).toBeVisible();
    expect(screen.getByText('This is what went with promotions and prices in the past, not what they caused.')).toBeVisible();
  });

  it.each([
    [{ because: 'never' }, 'There was no promotion so far: nothing can be said of one.'],
    [{ because: 'vague', episodes: 3 }, '3 past ones went so differently that nothing can be said of the next.'],
    [{ kind: 'price', because: 'outside', least_price: -0.1, greatest_price: 0.05 }, 'The price only ever changed by -10% to +5%: nothing can be said of one so far off.'],
  ] as const)('says why nothing can be said: %o', async (change, words) => {
    const none = { effect: null, total_changed: null, changed: [null, null], effect_share: null, past: [past({ source: null, share: null, lower_share: null, upper_share: null, ...change })] };
    show(undefined, {}, { 'POST /api/v1/market-intelligence/what-if': { body: whatIf(none) } });
    await userEvent.click(await screen.findByRole('button', { name: 'What would happen?' }));
    expect(await screen.findByText('Without your changes €5,000; what they do to it cannot be said.')).toBeVisible();
    expect(await screen.findByText(words)).toBeVisible();
    expect(screen.queryByText('With your changes')).toBeNull();
  });

  it('says all of it in Hebrew', async () => {
    const warned = [{ code: 'unlike_past', words: 'English', values: { kind: 'promotion', share: 0.02, way: 'less' } }] as const;
    serve({
      ...signedIn(), 'GET /api/v1/market-intelligence/series': answered({}), 'GET /api/v1/market-intelligence/levels': { body: levels([level()]) },
      'POST /api/v1/market-intelligence/what-if': { body: whatIf({ past: [past()], warnings: ['English'], warned: [...warned] }) },
    });
    await renderInHebrew(<ForecastPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'מה יקרה?' }));
    expect(await screen.findByText(/^מ־13 מבצעים בעבר \(126 ימים\): .*12%/)).toBeVisible();
    expect(screen.getByText(/פחות ממה שקרה בעבר/)).toBeVisible();
    expect(screen.queryByText('English')).toBeNull();
  });
});

/** A stream of events that a test opens and closes. */
function told() {
  const encoder = new TextEncoder();
  let line: ReadableStreamDefaultController<Uint8Array> | undefined;
  const stream = new ReadableStream<Uint8Array>({ start: (controller) => { line = controller; } });
  const tell = (event: string, data: unknown) => line?.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
  return { stream, tell };
}

describe('what is being worked out', () => {
  it('is told step by step, without anything moving, and then answered', async () => {
    const { stream, tell } = told();
    show(undefined, {}, { 'POST /api/v1/market-intelligence/what-if': { stream } });
    const ask = await screen.findByRole('button', { name: 'What would happen?' });
    const [line] = screen.getAllByRole('status').filter((each) => each.textContent === '');
    expect(line).toBeInTheDocument();
    await userEvent.click(ask);
    expect(await screen.findByText('Starting the forecasting engine')).toBeVisible();
    tell('progress', { step: 'waiting', done: 0, total: 0, before: 2 });
    expect(await screen.findByText('Waiting for 2 other forecasts')).toBeVisible();
    tell('progress', { step: 'fitting', done: 2, total: 12, model: 'theta' });
    expect(await screen.findByText('Trying Theta on the past: 3 of 12')).toBeVisible();
    expect(screen.getByRole('progressbar', { name: 'Being worked out' })).toHaveAttribute('aria-valuenow', '17');
    tell('answer', whatIf());
    expect(await screen.findByText(/instead of/)).toBeVisible();
    expect(line).toHaveTextContent('');
  });

  it('stops when it is told to, keeps what was typed, and can be asked again', async () => {
    const { stream } = told();
    let asked = 0;
    const seen = show(undefined, {}, { 'POST /api/v1/market-intelligence/what-if': () => (asked++ === 0 ? { stream } : { body: whatIf() }) });
    await userEvent.click(await screen.findByRole('button', { name: 'What would happen?' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Stop' }));
    expect(await screen.findByText('Stopped. Nothing was kept.')).toBeVisible();
    expect(seen.find((request) => request.url.endsWith('/what-if'))?.signal.aborted).toBe(true);
    expect(screen.queryByRole('alert')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'What would happen?' }));
    expect(await screen.findByText(/instead of/)).toBeVisible();
    expect(screen.queryByText('Stopped. Nothing was kept.')).toBeNull();
  });

  it('may be a forecast that reaches further than those that are kept', async () => {
    const { stream, tell } = told();
    const path = '/market-intelligence/forecast?level=product&item=p7&horizon=90';
    const seen = show(path, {}, { 'POST /api/v1/market-intelligence/forecast': { stream } });
    expect(await screen.findByText('Forecasts are kept for 30 days. 90 days can be worked out; that takes up to a few minutes.')).toBeVisible();
    expect(asked(seen, '/series')[0]?.get('horizon')).toBe('30');
    await userEvent.click(screen.getByRole('button', { name: 'Work out 90 days' }));
    tell('progress', { step: 'fitting', done: 0, total: 4, model: 'mstl' });
    expect(await screen.findByText('Trying decomposition (MSTL) on the past: 1 of 4')).toBeVisible();
    const band = { lower: [1], upper: [9] };
    tell('answer', { dates: ['2025-07-02'], forecast: [777_700], baseline: [1], closed: [false], intervals: { '50': band, '80': { lower: [700_000], upper: [800_000] }, '95': band }, model: 'mstl', provenance: [] });
    expect(await screen.findByText(/^Worked out just now with decomposition \(MSTL\)/)).toBeVisible();
    expect(screen.getByText('On Jul 2, 2025: €7,777 expected, with 80 % certainty between €7,000 and €8,000.')).toBeVisible();
    expect(await seen.find((request) => request.method === 'POST' && request.url.endsWith('/forecast'))?.json()).toEqual({ metric: 'net_sales', grain: 'day', horizon: 90, model: 'auto', product_id: 'p7' });
  });
});
