import type { Layout, Placed } from './layout';

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

const HEADINGS: Record<Arrow, readonly [x: number, y: number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** How far a box lies in a direction; null where it does not lie there. */
function distance(from: Placed, to: Placed, [dx, dy]: readonly [number, number]): number | null {
  const [x, y] = [to.x - from.x, to.y - from.y];
  if (dy !== 0) return x === 0 && y * dy > 0 ? Math.abs(y) : null;
  return x * dx > 0 ? Math.abs(x) * 4 + Math.abs(y) : null;
}

/** The table that an arrow key leads to: along its lines where there are any, else to the nearest in sight. */
export function nearest(layout: Layout, name: string, arrow: Arrow): string | null {
  const from = layout.boxes.get(name);
  const heading = HEADINGS[arrow];
  if (from === undefined || heading === undefined) return null;
  const linked = new Set(layout.edges.flatMap((edge) => (edge.from === name ? [edge.to] : edge.to === name ? [edge.from] : [])));
  const found = [...layout.boxes.values()].flatMap((box) => {
    const length = distance(from, box, heading);
    return length === null ? [] : [{ name: box.name, rank: length + (heading[0] === 0 || linked.has(box.name) ? 0 : 100_000) }];
  });
  return found.sort((one, other) => one.rank - other.rank)[0]?.name ?? null;
}
