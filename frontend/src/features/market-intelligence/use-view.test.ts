// @vitest-environment node
import { expect, it } from 'vitest';

import { readView } from './use-view';

const read = (address: string, isPhone = false) => readView(new URLSearchParams(address), isPhone);

it('shows net sales of the whole shop by day where the address says nothing', () => {
  expect(read('')).toMatchObject({ level: 'shop', item: '', metric: 'net_sales', grain: 'day', horizon: 30, history: 90 });
});

it('reads what the address says', () => {
  expect(read('level=product&item=p7&metric=units&grain=week&horizon=13')).toMatchObject({ level: 'product', item: 'p7', metric: 'units', grain: 'week', horizon: 13 });
});

it('offers of a store what is forecast of the shop', () => {
  const view = read('level=store&item=Lyon&metric=customers&horizon=90');
  expect(view).toMatchObject({ level: 'store', item: 'Lyon', metric: 'customers', horizon: 90 });
});

it('takes no nonsense from an address', () => {
  expect(read('level=galaxy&metric=luck&grain=hour&horizon=-1')).toMatchObject({ level: 'shop', metric: 'net_sales', grain: 'day', horizon: 30 });
  expect(read('level=country')).toMatchObject({ level: 'shop', item: '' });
});

it('offers of a product only what is forecast of it, and knows how far its forecasts are kept', () => {
  const view = read('level=product&item=p7&metric=orders&horizon=90');
  expect(view).toMatchObject({ metric: 'net_sales', metrics: ['net_sales', 'units'], horizon: 90, horizons: [7, 14, 30, 90, 180, 365], kept: 30 });
  expect(read('horizon=365')).toMatchObject({ horizon: 365, kept: 90 });
  expect(read('grain=month&horizon=24')).toMatchObject({ horizon: 24, kept: 12 });
});

it('draws at most thirty points on a phone', () => {
  const view = read('', true);
  expect(view.horizon + view.history).toBe(30);
  expect(read('horizon=90', true).history).toBe(6);
});
