// @vitest-environment node
import { expect, it } from 'vitest';

import { blocks } from './markdown';

it('reads what model cards are written in', () => {
  const card = '# forecast-units 1.0.0\n\nForecasts units.\n\n|  |  |\n| --- | --- |\n| State | champion |\n| a \\| b | 2 |\n\n## Where not to trust it\n- New products\n  of this week\n- Sales\n';
  expect(blocks(card)).toEqual([
    { kind: 'heading', level: 1, text: 'forecast-units 1.0.0' },
    { kind: 'paragraph', text: 'Forecasts units.' },
    { kind: 'table', header: ['', ''], rows: [['State', 'champion'], ['a | b', '2']] },
    { kind: 'heading', level: 2, text: 'Where not to trust it' },
    { kind: 'list', items: ['New products of this week', 'Sales'] },
  ]);
});

it('leaves markup of another kind as the text that it is', () => {
  expect(blocks('<script>alert(1)</script>')).toEqual([{ kind: 'paragraph', text: '<script>alert(1)</script>' }]);
  expect(blocks('')).toEqual([]);
});
