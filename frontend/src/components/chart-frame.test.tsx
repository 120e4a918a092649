import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';

import { ApiError } from '@/api/problem';
import * as download from '@/lib/download';
import { renderInApp } from '@/testing/render';

import { ChartFrame } from './chart-frame';

const passport = { table: 'orders', layer: 'curated', system: 'sales', version: 12, as_of: '2026-05-31T00:00:00Z', built_at: '2026-06-01T00:00:00Z', run_id: 'r1', model_version: null };
const table = { header: ['Day', 'Revenue'], rows: [['2026-05-01', 4210.5]], shown: [['1 May', '€4,210.50']] };
const frame = { title: 'Revenue', summary: 'Revenue rose by 4 %.', table, fileName: 'revenue' };

it('says what the chart says, where it comes from and what it measures', async () => {
  const user = userEvent.setup();
  renderInApp(<ChartFrame {...frame} definition="Paid amounts." provenance={[passport as never]}>drawing</ChartFrame>);
  expect(screen.getByRole('figure', { name: 'Revenue' })).toHaveAccessibleDescription('Revenue rose by 4 %.');
  await user.click(screen.getByRole('button', { name: /Where this comes from/ }));
  expect(within(screen.getByRole('dialog')).getByText('curated.orders')).toBeVisible();
  await user.keyboard('{Escape}');
  await user.click(screen.getByRole('button', { name: 'What is this? Revenue' }));
  expect(screen.getByText('Paid amounts.')).toBeVisible();
});

it('shows its figures as a table and saves them', async () => {
  const user = userEvent.setup();
  const save = vi.spyOn(download, 'saveCsv').mockReturnValue();
  renderInApp(<ChartFrame {...frame}>drawing</ChartFrame>);
  await user.click(screen.getByRole('button', { name: 'More for Revenue' }));
  await user.click(screen.getByRole('menuitem', { name: 'Show as table' }));
  expect(screen.getByRole('cell', { name: '€4,210.50' })).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'More for Revenue' }));
  await user.click(screen.getByRole('menuitem', { name: 'Save as CSV' }));
  expect(save).toHaveBeenCalledWith('revenue.csv', table.header, table.rows);
});

it.each([
  ['pending', { isPending: true }, 'Loading'],
  ['empty', { empty: { text: 'Start a run first.' } }, 'Start a run first.'],
  ['too little', { tooLittle: 'Needs 28 days; 9 are there.' }, 'Needs 28 days; 9 are there.'],
  ['failed', { error: new ApiError(500, { detail: 'The table vanished.' }) }, 'The table vanished.'],
])('in place of a drawing that is %s says so', (_, state, words) => {
  renderInApp(<ChartFrame {...frame} {...state}>drawing</ChartFrame>);
  expect(screen.queryByText('drawing')).toBeNull();
  expect(screen.queryByText(words) ?? screen.getByLabelText(words)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'More for Revenue' })).toBeNull();
});
