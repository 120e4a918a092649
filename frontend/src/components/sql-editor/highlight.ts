/** Splits SQL into pieces that are shown alike. */

export type Kind = 'keyword' | 'function' | 'string' | 'number' | 'comment' | 'plain';

export interface Piece {
  kind: Kind;
  text: string;
}

const KEYWORDS = new Set(
  (
    'all and any as asc asof between by case cast cross current date desc distinct else end escape except exclude exists false fetch filter first following for from full ' +
    'group grouping having ilike in inner intersect interval into is join last lateral left like limit natural not null nulls offset on or order outer over partition ' +
    'pivot preceding qualify range recursive replace right row rows select semi anti sets similar some table then timestamp to true unbounded union unnest using values when where window with within'
  ).split(' '),
);

const TOKEN = /(?<comment>--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<string>'(?:[^']|'')*'?)|(?<quoted>"(?:[^"]|"")*"?)|(?<number>\b\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?\b)|(?<word>[\p{L}_][\p{L}\p{N}_]*)/giu;

function kindOf(groups: Record<string, string | undefined>, rest: string): Kind {
  if (groups.comment !== undefined) return 'comment';
  if (groups.string !== undefined) return 'string';
  if (groups.number !== undefined) return 'number';
  if (groups.word === undefined) return 'plain';
  if (KEYWORDS.has(groups.word.toLowerCase())) return 'keyword';
  return /^\s*\(/.test(rest) ? 'function' : 'plain';
}

/** The pieces of a query, in order; put together they are the query again. */
export function highlight(sql: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of sql.matchAll(TOKEN)) {
    if (match.index > end) pieces.push({ kind: 'plain', text: sql.slice(end, match.index) });
    end = match.index + match[0].length;
    pieces.push({ kind: kindOf(match.groups ?? {}, sql.slice(end, end + 20)), text: match[0] });
  }
  if (end < sql.length) pieces.push({ kind: 'plain', text: sql.slice(end) });
  return pieces;
}

/** The place that a message of the service names, counted from 1: “Line 2, column 6: …”. */
export function placeOf(message: string): { line: number; column: number } | null {
  const found = /^Line (\d+), column (\d+):/.exec(message);
  return found === null ? null : { line: Number(found[1]), column: Number(found[2]) };
}

/** Where in the text a line and column lie. */
export function offsetOf(sql: string, place: { line: number; column: number }): number {
  const before = sql.split('\n').slice(0, place.line - 1);
  const start = before.reduce((sum, line) => sum + line.length + 1, 0);
  return Math.min(start + place.column - 1, sql.length);
}
