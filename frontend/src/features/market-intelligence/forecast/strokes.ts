import type { LineKind } from './fan';

const DASHES: Readonly<Record<LineKind, string | undefined>> = { history: undefined, expected: '5 4', baseline: '2 3', changed: '9 3' };

/** The dashes of a line: only what has happened is solid. */
export const strokeOf = (kind: LineKind) => DASHES[kind];
