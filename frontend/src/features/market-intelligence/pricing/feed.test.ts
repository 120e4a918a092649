// @vitest-environment node
import { expect, it } from 'vitest';

import { cells, look } from './feed';

const HEADER = 'product_id,competitor_name,competitor_price,observed_at';

it('reads quoted cells with commas, quotes and line ends', () => {
  expect(cells('a,"b, ""c""\nd"\r\n1,2\n')).toEqual([['a', 'b, "c"\nd'], ['1', '2']]);
  expect(cells('')).toEqual([]);
  expect(cells('a,\n,b')).toEqual([['a', ''], ['', 'b']]);
});

it('shows the first rows of a feed, whatever order its columns have', () => {
  const rows = Array.from({ length: 7 }, (_, index) => `p${index},Rival,9.90,2026-05-01`).join('\n');
  expect(look(`\ufeff${HEADER}\n${rows}\n`)).toMatchObject({ rows: 7, columns: HEADER.split(','), preview: { length: 5 } });
  expect(look('observed_at,competitor_price,competitor_name,product_id,note\n2026-05-01,9,Rival,p1,x')).toMatchObject({ rows: 1 });
});

it('reads the marks that spreadsheets write, and names in capitals', () => {
  expect(look('Product_ID;Competitor_Name;Competitor_Price;Observed_At\np1;Rival;9,90;01/05/2026')).toMatchObject({ rows: 1, preview: [['p1', 'Rival', '9,90', '01/05/2026']], isTwoWay: true });
  expect(look(`${HEADER}\np1,Rival,9.90,2026-05-01`)).toMatchObject({ isTwoWay: false });
});

it('names the columns that are missing, and those it found', () => {
  expect(look('product,price\np1,9.90')).toEqual({ fault: 'missing', columns: 'product_id, competitor_name, competitor_price, observed_at', found: 'product, price' });
});

it('says of other files that they are none', () => {
  expect(look('%PDF-1.7')).toEqual({ fault: 'unreadable' });
  expect(look('')).toEqual({ fault: 'unreadable' });
  expect(look(`${HEADER}\n`)).toEqual({ fault: 'emptyFile' });
});
