import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import type { QualityTable } from '@/api/types';
import { renderInHebrew } from '@/testing/hebrew';
import { renderInApp, serve } from '@/testing/render';
import { signedIn } from '@/testing/signed-in';

import { placeOn, scaleStart, totalsOf, worstFirst } from './judgement';
import QualityPage from './quality-page';

const QUALITY = 'GET /api/v1/quality';
const SCORES = 'GET /api/v1/catalog/data_quality';

function judged(change: Partial<QualityTable> & { table: string }): QualityTable {
  return {
    score: 0.95, line: 0.7, blocked: false, rows_mapped: 100, rows_curated: 90, rows_quarantined: 10, rows_excluded: 0, rows_duplicate: 2, completeness: 0.9, validity: 0.95, uniqueness: 0.98,
    consistency: 1, empty_because: null, rules: [], ...change,
  } as QualityTable;
}

const RULES: QualityTable['rules'] = [{ rule: 'order_date is missing', severity: 'error', rows: 6, share: 0.06 }, { rule: 'the e-mail looks like one', severity: 'warning', rows: 4, share: 0.04 }];
const TABLES = [judged({ table: 'orders', score: 0.946, rules: RULES }), judged({ table: 'products', score: 0.99 }), judged({ table: 'reviews', score: null, empty_because: 'the shop has none.' })];
const body = (tables: readonly QualityTable[]) => ({ body: { tables, provenance: [] } });

describe('the quality page', () => {
  it('says the lowest score first, and lists the worst first', async () => {
    serve({ ...signedIn(), [QUALITY]: body(TABLES) });
    renderInApp(<QualityPage />);
    expect(await screen.findByText('All 2 curated tables score above the line of 70%; the lowest is orders with 94.6%.')).toBeVisible();
    const lines = within(screen.getByRole('list', { name: 'Score of each table' })).getAllByRole('button');
    expect(lines.map((line) => /^[a-z]+/.exec(line.textContent ?? '')?.[0])).toEqual(['orders', 'products', 'reviews']);
    expect(lines[2]).toHaveTextContent('Nothing came');
  });

  it('says what is held back', async () => {
    serve({ ...signedIn(), [QUALITY]: body([judged({ table: 'payments', score: 0.5, blocked: true }), ...TABLES]) });
    renderInApp(<QualityPage />);
    expect(await screen.findByText('payments is held back: it scores 50% and the line is 70%. Its last good version stays.')).toBeVisible();
    expect(screen.getByText('2 / 3')).toBeVisible();
  });

  it('tells apart what is below the line and published all the same', async () => {
    serve({ ...signedIn(), [QUALITY]: body([judged({ table: 'payments', score: 0.5 })]) });
    renderInApp(<QualityPage />);
    expect(await screen.findByText('Below the line of 70%, and published all the same: payments.')).toBeVisible();
  });

  it('opens a score to its parts and its rules, which lead to their rows', async () => {
    serve({ ...signedIn('quarantine:read'), [QUALITY]: body(TABLES) });
    renderInApp(<QualityPage />);
    await userEvent.click(await screen.findByRole('button', { name: /^orders/ }));
    expect(screen.getByText('100 rows came, 90 were kept, 10 set aside. 2 of them were duplicates.')).toBeVisible();
    const [inDetail] = screen.getAllByRole('link', { name: /order_date is missing/ });
    expect(inDetail).toHaveAttribute('href', '/quarantine/orders?severity=error&rule=order_date+is+missing');
    expect(screen.getByRole('link', { name: 'Open orders' })).toHaveAttribute('href', '/data/orders?tab=quality');
  });

  it('shows rules without a way to the rows for who may not see them', async () => {
    serve({ ...signedIn(), [QUALITY]: body(TABLES) });
    renderInApp(<QualityPage />);
    expect(await screen.findByText('order_date is missing')).toBeVisible();
    expect(screen.queryByRole('link', { name: /order_date is missing/ })).toBeNull();
  });

  it('shows how scores changed once there are two builds, and says so before', async () => {
    const versions = [1, 0].map((version) => ({ version, at: '2026-06-30T00:00:00Z', operation: 'publish', rows: 3, run_id: null }));
    const older = (request: Request) => {
      const score = new URL(request.url).searchParams.get('version') === '0' ? 0.9 : 0.946;
      return { body: { data: [{ table_name: 'orders', score }], columns: [], provenance: [], next_cursor: null } };
    };
    serve({ ...signedIn(), [QUALITY]: body(TABLES) });
    const { unmount } = renderInApp(<QualityPage />);
    expect(await screen.findByText('How scores change is shown from the second build on.')).toBeVisible();
    unmount();
    serve({ ...signedIn(), [QUALITY]: body(TABLES), [SCORES]: { body: { versions } }, 'GET /api/v1/analytics/compliance_guardian/query': older });
    renderInApp(<QualityPage />);
    expect(await screen.findByText('4.6 points up')).toBeInTheDocument();
    expect(screen.queryByText('How scores change is shown from the second build on.')).toBeNull();
  });

  it('teaches where nothing is scored, and says what went wrong', async () => {
    serve({ ...signedIn('runs:start'), [QUALITY]: body([]) });
    const { unmount } = renderInApp(<QualityPage />);
    expect(await screen.findByText('Nothing has been scored yet')).toBeVisible();
    expect(await screen.findByRole('link', { name: 'Start a run' })).toHaveAttribute('href', '/runs');
    unmount();
    serve({ ...signedIn(), [QUALITY]: { status: 500, body: { detail: 'Broken.' } } });
    renderInApp(<QualityPage />);
    expect(await screen.findByRole('alert')).toHaveTextContent('Broken.');
  });

  it('speaks Hebrew', async () => {
    serve({ ...signedIn(), [QUALITY]: body(TABLES) });
    await renderInHebrew(<QualityPage />);
    await waitFor(() => expect(screen.getByText(/^כל 2 הטבלאות המתוקנות מעל הסף/)).toBeVisible());
  });
});

describe('the judgement', () => {
  it('puts the lowest first and what has no score last', () => expect(worstFirst([...TABLES].reverse()).map((table) => table.table)).toEqual(['orders', 'products', 'reviews']));
  it('adds up rows', () => expect(totalsOf(TABLES)).toEqual({ came: 300, aside: 30, warned: 4 }));
  it('begins its scale below all scores and lines, and never below nought', () => {
    expect(scaleStart(TABLES)).toBeCloseTo(0.6);
    expect(scaleStart([judged({ table: 'bad', score: 0 })])).toBe(0);
    expect(placeOn(0.6, 0.8)).toBeCloseTo(0.5);
    expect(placeOn(0.6, 0.1)).toBe(0);
  });
});
