/** A file of competitors' prices, looked at before it is sent. */

export const NEEDED = ['product_id', 'competitor_name', 'competitor_price', 'observed_at'] as const;
export const EXAMPLE_HEADER = [...NEEDED, 'currency'] as const;

/** What a request may hold. */
export const MOST_BYTES = 20_000_000;
const PREVIEW = 5;
const TWO_WAY = /^\d{1,2}[/-]\d{1,2}[/-]\d{2,4}/;

export interface Feed {
  columns: readonly string[];
  rows: number;
  preview: readonly (readonly string[])[];
  /** Whether days are written like 01/05/2026, which may be read in two ways. */
  isTwoWay: boolean;
}

export type Fault = { fault: 'unreadable' | 'emptyFile' } | { fault: 'missing'; columns: string; found: string };

/** The sign between cells: the one that the first line has most of. */
export function markOf(text: string): string {
  const head = text.split('\n', 1)[0] ?? '';
  const count = (mark: string) => head.split(mark).length;
  return [',', ';', '\t'].reduce((one, other) => (count(other) > count(one) ? other : one));
}

/** The cells of a CSV (RFC 4180): quoted cells may hold the mark, quotes and line ends. */
export function cells(text: string, mark = ','): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endCell = () => {
    row.push(cell);
    cell = '';
  };
  const endRow = () => {
    endCell();
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (isQuoted && sign === '"' && text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (sign === '"' && (isQuoted || cell === '')) isQuoted = !isQuoted;
    else if (isQuoted) cell += sign;
    else if (sign === mark) endCell();
    else if (sign === '\n') endRow();
    else if (sign !== '\r') cell += sign;
  }
  if (cell !== '' || row.length > 0) endRow();
  return rows;
}

/** The columns and first rows of a feed, or what is wrong with it as a whole. */
export function look(text: string): Feed | Fault {
  const plain = text.replace(/^\ufeff/, '');
  const [header = [], ...rows] = cells(plain, markOf(plain));
  const columns = header.map((name) => name.trim().toLowerCase());
  if (columns.length < 2 || text.includes('\0')) return { fault: 'unreadable' };
  const missing = NEEDED.filter((name) => !columns.includes(name));
  if (missing.length > 0) return { fault: 'missing', columns: missing.join(', '), found: columns.slice(0, 12).join(', ') };
  if (rows.length === 0) return { fault: 'emptyFile' };
  const at = columns.indexOf('observed_at');
  return { columns, rows: rows.length, preview: rows.slice(0, PREVIEW), isTwoWay: rows.some((row) => TWO_WAY.test(row[at]?.trim() ?? '')) };
}
