/**
 * Places the tables of a lineage in columns: what is read stands before what reads it.
 *
 * The layered drawing of Sugiyama, Tagawa and Toda (1981): columns by longest path, an invisible
 * stop in each column that a long edge passes, orders by barycentres, then heights by neighbours.
 */
export interface Size {
  width: number;
  height: number;
}

export interface Placed extends Size {
  name: string;
  x: number;
  y: number;
  column: number;
}

export interface Drawn {
  from: string;
  to: string;
  /** The way of the edge, from the end of one box to the beginning of the other. */
  points: readonly (readonly [x: number, y: number])[];
}

export interface Layout extends Size {
  boxes: ReadonlyMap<string, Placed>;
  edges: readonly Drawn[];
  columns: number;
}

export interface Edge {
  from: string;
  to: string;
}

export const BOX: Size = { width: 184, height: 48 };
const GAP = { x: 52, y: 16, stop: 10 } as const;
const EDGE = 16;
const SWEEPS = 12;

interface Cell {
  id: string;
  isStop: boolean;
  y: number;
}

type Neighbours = ReadonlyMap<string, readonly string[]>;

/** Which tables stand before (`to → from`) or behind (`from → to`) each. */
export function neighbours(edges: readonly Edge[], side: 'before' | 'behind'): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const [at, other] = side === 'before' ? [to, from] : [from, to];
    found.set(at, [...(found.get(at) ?? []), other]);
  }
  return found;
}

/** Every table that can be reached from `start`, without itself. */
export function reached(start: string, by: Neighbours): Set<string> {
  const found = new Set<string>();
  const waiting = [start];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const next of by.get(at) ?? []) {
      if (next === start || found.has(next)) continue;
      found.add(next);
      waiting.push(next);
    }
  }
  return found;
}

/** The column of each table: one behind the last of those it reads. A circle is cut where it closes. */
export function columnsOf(names: readonly string[], edges: readonly Edge[]): Map<string, number> {
  const before = neighbours(edges, 'before');
  const columns = new Map<string, number>();
  const open = new Set<string>();
  const place = (name: string): number => {
    const known = columns.get(name);
    if (known !== undefined) return known;
    if (open.has(name)) return -1;
    open.add(name);
    const column = Math.max(-1, ...(before.get(name) ?? []).map(place)) + 1;
    open.delete(name);
    columns.set(name, column);
    return column;
  };
  names.forEach(place);
  return columns;
}

const stopId = (edge: Edge, column: number) => `${edge.from}\u0000${edge.to}\u0000${column}`;

/** The chain of cells that an edge passes, stops included. */
function chainOf(edge: Edge, columns: ReadonlyMap<string, number>): string[] {
  const [from, to] = [columns.get(edge.from) ?? 0, columns.get(edge.to) ?? 0];
  const stops = Array.from({ length: Math.max(to - from - 1, 0) }, (_, index) => stopId(edge, from + 1 + index));
  return [edge.from, ...stops, edge.to];
}

function gridOf(names: readonly string[], chains: readonly string[][], columns: ReadonlyMap<string, number>): Cell[][] {
  const grid: Cell[][] = [];
  const put = (id: string, column: number, isStop: boolean) => (grid[column] ??= []).push({ id, isStop, y: 0 });
  names.forEach((name) => put(name, columns.get(name) ?? 0, false));
  chains.forEach((chain) => {
    const first = columns.get(chain[0] ?? '') ?? 0;
    chain.slice(1, -1).forEach((stop, index) => put(stop, first + 1 + index, true));
  });
  return Array.from(grid, (column) => column ?? []);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Orders one column by the middle of each cell's neighbours in the other. */
function orderBy(column: Cell[], other: readonly Cell[], links: Neighbours): void {
  const places = new Map(other.map((cell, index) => [cell.id, index]));
  const middles = new Map(
    column.map((cell, index) => {
      const found = (links.get(cell.id) ?? []).flatMap((id) => places.get(id) ?? []);
      return [cell.id, found.length > 0 ? mean(found) : index] as const;
    }),
  );
  column.sort((one, two) => (middles.get(one.id) ?? 0) - (middles.get(two.id) ?? 0));
}

const tall = (cell: Cell) => (cell.isStop ? 0 : BOX.height);
const gapOf = (one: Cell, two: Cell) => (one.isStop || two.isStop ? GAP.stop : GAP.y);

/** Moves the cells of a column as near to their wished heights as their order allows. */
function settle(column: readonly Cell[], wished: readonly number[]): void {
  let floor = -Infinity;
  column.forEach((cell, index) => {
    const previous = column[index - 1];
    floor = previous === undefined ? -Infinity : previous.y + tall(previous) + gapOf(previous, cell);
    cell.y = Math.max(wished[index] ?? 0, floor);
  });
  // What was pushed down on average is given back, so that columns stay centred on their neighbours.
  const push = mean(column.map((cell, index) => cell.y - (wished[index] ?? 0)));
  column.forEach((cell) => (cell.y -= push));
}

function align(column: readonly Cell[], other: readonly Cell[], links: Neighbours): void {
  const centres = new Map(other.map((cell) => [cell.id, cell.y + tall(cell) / 2]));
  const wished = column.map((cell) => {
    const found = (links.get(cell.id) ?? []).flatMap((id) => centres.get(id) ?? []);
    return found.length > 0 ? mean(found) - tall(cell) / 2 : cell.y;
  });
  settle(column, wished);
}

function arrange(grid: Cell[][], links: readonly Edge[]): void {
  const before = neighbours(links, 'before');
  const behind = neighbours(links, 'behind');
  const sweep = (step: (column: Cell[], other: Cell[], by: Neighbours) => void, isForward: boolean) => {
    const indices = grid.map((_, index) => index);
    for (const index of isForward ? indices.slice(1) : indices.slice(0, -1).reverse()) {
      step(grid[index] ?? [], grid[index + (isForward ? -1 : 1)] ?? [], isForward ? before : behind);
    }
  };
  for (let turn = 0; turn < SWEEPS; turn += 1) sweep(orderBy, turn % 2 === 0);
  grid.forEach((column) => settle(column, column.map((_, index) => index * (BOX.height + GAP.y))));
  for (let turn = 0; turn < SWEEPS; turn += 1) sweep(align, turn % 2 === 0);
}

/** The boxes and edges of a lineage, laid out from left to right. */
export function layOut(given: readonly string[], wanted: readonly Edge[]): Layout {
  const known = new Set(given);
  const edges = wanted.filter(({ from, to }) => known.has(from) && known.has(to) && from !== to);
  const columns = columnsOf(given, edges);
  const forward = edges.filter(({ from, to }) => (columns.get(from) ?? 0) < (columns.get(to) ?? 0));
  const chains = forward.map((edge) => chainOf(edge, columns));
  const links = chains.flatMap((chain) => chain.slice(1).map((to, index) => ({ from: chain[index] ?? '', to })));
  const grid = gridOf([...given].sort(), chains, columns);
  arrange(grid, links);

  const top = Math.min(0, ...grid.flat().map((cell) => cell.y));
  const cells = new Map(grid.flatMap((column, index) => column.map((cell) => [cell.id, { ...cell, column: index, y: cell.y - top + EDGE, x: EDGE + index * (BOX.width + GAP.x) }] as const)));
  const boxes = new Map(given.map((name) => {
    const cell = cells.get(name);
    return [name, { name, column: cell?.column ?? 0, x: cell?.x ?? EDGE, y: cell?.y ?? EDGE, ...BOX }] as const;
  }));
  const height = Math.max(...[...boxes.values()].map((box) => box.y + box.height), 0) + EDGE;
  const width = 2 * EDGE + Math.max(grid.length, 1) * (BOX.width + GAP.x) - GAP.x;
  return { boxes, edges: chains.map((chain) => drawn(chain, cells, boxes)), columns: grid.length, width, height };
}

type Spot = { x: number; y: number };

function drawn(chain: readonly string[], cells: ReadonlyMap<string, Spot>, boxes: ReadonlyMap<string, Placed>): Drawn {
  const [from = '', to = ''] = [chain[0], chain.at(-1)];
  const stops = chain.slice(1, -1).flatMap((id) => {
    const spot = cells.get(id);
    return spot === undefined ? [] : [[spot.x, spot.y], [spot.x + BOX.width, spot.y]] as const;
  });
  const [start, end] = [boxes.get(from), boxes.get(to)];
  const first = [(start?.x ?? 0) + BOX.width, (start?.y ?? 0) + BOX.height / 2] as const;
  const last = [end?.x ?? 0, (end?.y ?? 0) + BOX.height / 2] as const;
  return { from, to, points: [first, ...stops, last] };
}

/** The same drawing for readers of right-to-left: the flow goes the other way, its meaning stays. */
export function mirrored(layout: Layout): Layout {
  const boxes = new Map([...layout.boxes].map(([name, box]) => [name, { ...box, x: layout.width - box.x - box.width }] as const));
  const edges = layout.edges.map((edge) => ({ ...edge, points: edge.points.map(([x, y]) => [layout.width - x, y] as const) }));
  return { ...layout, boxes, edges };
}

/** An edge as a path of smooth bends. */
export function pathOf(points: Drawn['points']): string {
  return points
    .map(([x, y], index) => {
      const previous = points[index - 1];
      if (previous === undefined) return `M${x} ${y}`;
      if (previous[1] === y) return `L${x} ${y}`;
      const middle = (previous[0] + x) / 2;
      return `C${middle} ${previous[1]} ${middle} ${y} ${x} ${y}`;
    })
    .join('');
}
