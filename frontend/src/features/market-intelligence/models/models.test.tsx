import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { describe, expect, it } from 'vitest';

import { renderInHebrew } from '@/testing/hebrew';
import { renderInApp, serve } from '@/testing/render';
import { signedIn } from '@/testing/signed-in';

import { model, version } from '../samples';
import ModelPage from './model-page';
import ModelsPage from './models-page';

const BASE = '/api/v1/models';
const ONE = `${BASE}/forecast-net_sales`;

function show(path: string, replies: Parameters<typeof serve>[0] = {}, ...permissions: Parameters<typeof signedIn>) {
  const { all: _, ...listed } = model();
  const seen = serve({
    ...signedIn(...permissions),
    [`GET ${BASE}`]: { body: { data: [listed] } },
    [`GET ${ONE}`]: { body: model() },
    [`GET ${ONE}/card`]: { body: '# forecast-net_sales 1.1.0\n\n- Not for new products\n' },
    ...replies,
  });
  renderInApp(
    <Routes>
      <Route path="/market-intelligence/models" element={<ModelsPage />} />
      <Route path="/market-intelligence/models/:model" element={<ModelPage />} />
    </Routes>,
    { path },
  );
  return seen;
}

describe('models', () => {
  it('lists what answers and what waits', async () => {
    show('/market-intelligence/models');
    expect(await screen.findByRole('link', { name: 'Forecast: Net sales' })).toHaveAttribute('href', '/market-intelligence/models/forecast-net_sales');
    expect(screen.getByText('1.1.0')).toBeVisible();
    expect(screen.getByText('1.2.0')).toBeVisible();
  });

  it('says why there is none', async () => {
    show('/market-intelligence/models', { [`GET ${BASE}`]: { body: { data: [], empty_because: 'No model was trained yet.', needed: 'A run.' } } });
    expect(await screen.findByText('No model was trained yet.')).toBeVisible();
  });

  it('shows a reader every version and the card, and nothing to change', async () => {
    show('/market-intelligence/models/forecast-net_sales');
    expect(await screen.findByRole('heading', { level: 1, name: 'Forecast: Net sales' })).toBeVisible();
    expect(await screen.findByText(/Not for new products/)).toBeVisible();
    expect(screen.getByText('waits for its chance')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Back to the version before' })).toBeNull();
  });

  it('says what is measured in words', async () => {
    show('/market-intelligence/models/forecast-net_sales');
    expect(await screen.findByRole('rowheader', { name: 'MASE by Day, Whole shop' })).toBeVisible();
    expect(screen.queryByText('mase_day_shop')).toBeNull();
  });

  it('says in Hebrew what the card says in English', async () => {
    const champion = { ...version('1.1.0', 'champion'), limits: ['English'], limits_said: [[{ code: 'limit_knows', words: 'English', values: {} }]], purpose: 'English', purpose_said: [{ code: 'purpose', words: 'English', values: { metric: 'net_sales' } }] };
    serve({ ...signedIn(), [`GET ${ONE}`]: { body: { ...model(), champion, all: [champion] } }, [`GET ${ONE}/card`]: { body: '# English' } });
    await renderInHebrew(<Routes><Route path="/market-intelligence/models/:model" element={<ModelPage />} /></Routes>, '/market-intelligence/models/forecast-net_sales');
    expect(await screen.findByText('תחזיות של מכירות נטו, ו”מה אם“.')).toBeVisible();
    expect(screen.getByText(/ואינו יודע דבר על מתחרים/)).toBeVisible();
    expect(screen.getByRole('rowheader', { name: 'MASE לפי יום, כל החנות' })).toBeVisible();
    expect(screen.queryByText(/English/)).toBeNull();
  });

  it('lets an administrator promote what waits, after asking', async () => {
    const seen = show('/market-intelligence/models/forecast-net_sales', { [`POST ${ONE}/promote`]: { body: version('1.2.0', 'champion') } }, 'settings:write');
    await userEvent.click(await screen.findByRole('button', { name: 'Let 1.2.0 answer' }));
    const dialog = await screen.findByRole('dialog', { name: 'Let version 1.2.0 answer?' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Let it answer' }));
    expect(await screen.findByText('Version 1.2.0 answers now.')).toBeVisible();
    expect(await seen.find((request) => request.url.endsWith('/promote'))?.json()).toEqual({ version: '1.2.0' });
  });

  it('keeps the dialog open with the reason where the service refuses', async () => {
    show('/market-intelligence/models/forecast-net_sales', { [`POST ${ONE}/promote`]: { status: 409, body: { status: 409, detail: 'It has not won.', step: '1.1.0 stays champion.' } } }, 'settings:write');
    await userEvent.click(await screen.findByRole('button', { name: 'Let 1.2.0 answer' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Let it answer' }));
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText('It has not won.')).toBeVisible();
  });

  it('goes back to the version before, with a reason that is kept', async () => {
    const seen = show('/market-intelligence/models/forecast-net_sales', { [`POST ${ONE}/rollback`]: { body: version('1.0.0', 'champion') } }, 'settings:write');
    await userEvent.click(await screen.findByRole('button', { name: 'Back to the version before' }));
    await userEvent.type(await screen.findByLabelText('Why'), 'Too high in June');
    await userEvent.click(screen.getByRole('button', { name: 'Go back' }));
    expect(await screen.findByText('Version 1.0.0 answers again.')).toBeVisible();
    expect(await seen.find((request) => request.url.endsWith('/rollback'))?.json()).toEqual({ reason: 'Too high in June' });
  });

  it('offers no way back where nothing answered before', async () => {
    show('/market-intelligence/models/forecast-net_sales', { [`GET ${ONE}`]: { body: model({ all: [version('1.1.0', 'champion')] }) } }, 'settings:write');
    expect(await screen.findByRole('button', { name: 'Back to the version before' })).toBeDisabled();
  });
});
