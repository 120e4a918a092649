import { act, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';

import { renderInApp } from '@/testing/render';

import { KpiCard } from './kpi-card';
import { Change, Freshness, HealthChip } from './signs';
import { Sparkline } from './sparkline';

describe('Change', () => {
  it.each([
    [0.041, 'up 4.1%'],
    [-0.2, 'down 20%'],
    [0.0001, 'unchanged'],
  ])('%d is said in words', (value, words) => {
    const { container } = renderInApp(<Change value={value} against="1–31 May" />);
    expect(container).toHaveTextContent(`${words} vs 1–31 May`);
  });

  it('says nothing where there was nothing to compare with', () => {
    expect(renderInApp(<Change value={null} against="May" />).container).toBeEmptyDOMElement();
  });

  it('is said in Hebrew', async () => {
    await act(async () => void renderInApp(<Change value={0.041} against="מאי" />, { language: 'he' }));
    expect(await screen.findByText('לעומת מאי')).toBeVisible();
  });
});

describe('Freshness', () => {
  it('says how old a figure is, and that it is out of date', () => {
    vi.useFakeTimers({ now: new Date('2026-06-01T12:00:00Z') });
    const { container } = renderInApp(<Freshness builtAt="2026-06-01T09:00:00Z" isStale />);
    expect(container).toHaveTextContent('Built 3 hours ago · out of date');
    vi.useRealTimers();
  });

  it('says that nothing was built', () => {
    expect(renderInApp(<Freshness builtAt={null} />).container).toHaveTextContent('Not built yet');
  });
});

it('health is a word, with its reasons within reach of the keyboard', () => {
  renderInApp(<HealthChip state="failed" reasons={['A check failed.']} />);
  expect(screen.getByText('Failed').closest('[tabindex="0"]')).not.toBeNull();
});

it('a figure’s card leads to its report and tells the whole number', () => {
  renderInApp(<KpiCard label="Revenue" value="€41.2 k" exact="€41,234.00" to="/sales" sparkline={[1, 2, null, 3]} />);
  expect(screen.getByRole('link', { name: /Revenue.*€41\.2 k/ })).toHaveAttribute('href', '/sales');
  expect(screen.getByTitle('€41,234.00')).toBeVisible();
});

describe('Sparkline', () => {
  it('dashes the last stretch of an open period', () => {
    const { container } = renderInApp(<Sparkline values={[1, 3, 2]} isPartial />);
    expect(container.querySelectorAll('path[stroke-dasharray]')).toHaveLength(1);
  });

  it('draws a flat line for values that are all the same, and nothing for one value', () => {
    expect(renderInApp(<Sparkline values={[5, 5]} />).container.innerHTML).not.toContain('NaN');
    expect(renderInApp(<Sparkline values={[5]} />).container).toBeEmptyDOMElement();
  });
});
