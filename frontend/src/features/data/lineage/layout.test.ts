import { describe, expect, it } from 'vitest';

import { BOX, columnsOf, layOut, mirrored, neighbours, pathOf, reached, type Edge } from './layout';

const EDGES: Edge[] = [
  { from: 'raw/orders', to: 'orders' },
  { from: 'raw/customers', to: 'customers' },
  { from: 'customers', to: 'orders' },
  { from: 'orders', to: 'sales_daily' },
  { from: 'raw/orders', to: 'sales_daily' },
];
const NAMES = ['raw/orders', 'raw/customers', 'customers', 'orders', 'sales_daily', 'alone'];

/** A generator of the same numbers every time. */
function random(seed: number) {
  let state = seed;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}

function anyGraph(seed: number): { names: string[]; edges: Edge[] } {
  const next = random(seed);
  const names = Array.from({ length: 4 + Math.floor(next() * 30) }, (_, index) => `t${index}`);
  const edges = Array.from({ length: Math.floor(next() * 60) }, () => {
    const [one, two] = [Math.floor(next() * names.length), Math.floor(next() * names.length)];
    return { from: `t${Math.min(one, two)}`, to: `t${Math.max(one, two)}` };
  }).filter(({ from, to }) => from !== to);
  return { names, edges };
}

describe('the columns of a lineage', () => {
  it('put what is read before what reads it', () => {
    const columns = columnsOf(NAMES, EDGES);
    EDGES.forEach(({ from, to }) => expect(columns.get(from)!).toBeLessThan(columns.get(to)!));
  });

  it('end for a circle as well', () => {
    const columns = columnsOf(['a', 'b'], [{ from: 'a', to: 'b' }, { from: 'b', to: 'a' }]);
    expect([...columns.keys()].sort()).toEqual(['a', 'b']);
    expect(layOut(['a', 'b'], [{ from: 'a', to: 'b' }, { from: 'b', to: 'a' }]).boxes.size).toBe(2);
  });
});

describe('a layout', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('lets no box cover another and no edge run backwards (graph %i)', (seed) => {
    const { names, edges } = anyGraph(seed);
    const { boxes, edges: drawn, width, height } = layOut(names, edges);
    const all = [...boxes.values()];
    expect(all).toHaveLength(names.length);
    all.forEach((one, index) =>
      all.slice(index + 1).forEach((two) => {
        const apart = one.column !== two.column || Math.abs(one.y - two.y) >= BOX.height;
        expect(apart, `${one.name} and ${two.name}`).toBe(true);
      }),
    );
    all.forEach((box) => {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.y).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      expect(box.y + box.height).toBeLessThanOrEqual(height);
    });
    drawn.forEach(({ points }) => points.slice(1).forEach(([x], index) => expect(x).toBeGreaterThan(points[index]![0])));
  });

  it('begins and ends an edge at its boxes', () => {
    const { boxes, edges } = layOut(NAMES, EDGES);
    const edge = edges.find(({ from, to }) => from === 'raw/orders' && to === 'sales_daily')!;
    expect(edge.points[0]![0]).toBe(boxes.get('raw/orders')!.x + BOX.width);
    expect(edge.points.at(-1)![0]).toBe(boxes.get('sales_daily')!.x);
    expect(edge.points.length).toBeGreaterThan(2);
  });

  it('leaves out edges to tables that are not there', () => {
    expect(layOut(['a'], [{ from: 'gone', to: 'a' }]).edges).toEqual([]);
    expect(layOut([], []).boxes.size).toBe(0);
  });

  it('is mirrored for right-to-left: the flow turns, ends stay ends', () => {
    const layout = layOut(NAMES, EDGES);
    const turned = mirrored(layout);
    expect(turned.boxes.get('raw/orders')!.x).toBeGreaterThan(turned.boxes.get('orders')!.x);
    const edge = turned.edges.find(({ from, to }) => from === 'orders' && to === 'sales_daily')!;
    expect(edge.points[0]![0]).toBe(turned.boxes.get('orders')!.x);
    expect(edge.points.at(-1)![0]).toBe(turned.boxes.get('sales_daily')!.x + BOX.width);
  });
});

describe('what hangs together', () => {
  it('is found up and down without the table itself', () => {
    expect([...reached('orders', neighbours(EDGES, 'before'))].sort()).toEqual(['customers', 'raw/customers', 'raw/orders']);
    expect([...reached('orders', neighbours(EDGES, 'behind'))]).toEqual(['sales_daily']);
  });
});

it('draws straight lines straight and others as bends', () => {
  expect(pathOf([[0, 0], [10, 0]])).toBe('M0 0L10 0');
  expect(pathOf([[0, 0], [10, 20]])).toBe('M0 0C5 0 5 20 10 20');
});
