import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';

import { renderInApp, serve } from '@/testing/render';

import { series } from '../samples';
import { useAmounts } from '../use-amounts';
import FanChart from './fan-chart';
import { bandsOf } from './series-chart';
import type { FanLine } from './fan';

const data = series();
const LINES: FanLine[] = [
  { kind: 'history', name: 'So far', points: data.history },
  { kind: 'baseline', name: 'Baseline', points: data.forecast.map(({ date, baseline }) => ({ date, value: baseline })) },
  { kind: 'expected', name: 'Expected', points: data.forecast.map(({ date, value }) => ({ date, value })) },
];

function Drawn() {
  const amounts = useAmounts('net_sales', 'EUR');
  return <FanChart lines={LINES} bands={bandsOf(data.forecast)} events={data.events} grain="day" amounts={amounts} label="What to expect" />;
}

/** jsdom measures nothing: the chart is told how wide it is. */
function wide() {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(600);
  vi.spyOn(window, 'getComputedStyle').mockImplementation(() => ({ width: '600px', height: '300px', getPropertyValue: () => '' }) as unknown as CSSStyleDeclaration);
}

it('names lines, bands and signs under the drawing, by shape and word', async () => {
  serve({});
  renderInApp(<Drawn />);
  expect(await screen.findByRole('group', { name: 'What to expect' })).toHaveAttribute('dir', 'ltr');
  const legend = screen.getAllByRole('listitem').map((entry) => entry.textContent);
  expect(legend).toEqual(['So far', 'Baseline', 'Expected', '50% / 80% / 95% bands', 'Promotion', 'Closed']);
});

it('draws each band once, the widest first, and only what has happened solid', async () => {
  serve({});
  wide();
  const { container } = renderInApp(<Drawn />);
  await screen.findByRole('group', { name: 'What to expect' });
  expect([...container.querySelectorAll('path[data-band]')].map((path) => path.getAttribute('data-band'))).toEqual(['0.95', '0.8', '0.5']);
  expect(container.querySelectorAll('[data-event=closed], [data-event=promotion]')).toHaveLength(2);
});
