/** What a file of corrections holds, looked at before it is sent. */
export interface Corrections {
  rows: number;
  /** Beside `row_id` and `rules`, which tell of the row. */
  columns: string[];
}

export interface Fault {
  fault: 'noRowsInFile' | 'noRowId' | 'unequalLines' | 'openQuote';
}

/** CSV (RFC 4180) as lines of cells; null where a quote is never closed. */
export function parseCsv(text: string): string[][] | null {
  const lines: string[][] = [];
  let cell = '';
  let line: string[] = [];
  let isQuoted = false;
  const endLine = () => {
    line.push(cell);
    if (line.length > 1 || line[0] !== '') lines.push(line);
    [cell, line] = ['', []];
  };
  const body = text.replace(/^\ufeff/, '');
  for (let at = 0; at < body.length; at += 1) {
    const sign = body[at] ?? '';
    if (isQuoted && sign === '"' && body[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (sign === '"') isQuoted = !isQuoted;
    else if (isQuoted) cell += sign;
    else if (sign === ',') {
      line.push(cell);
      cell = '';
    } else if (sign === '\n') endLine();
    else if (sign !== '\r') cell += sign;
  }
  if (isQuoted) return null;
  if (cell !== '' || line.length > 0) endLine();
  return lines;
}

/** Whether a file can be corrections at all; the service judges the rest. */
export function inspect(text: string): Corrections | Fault {
  const lines = parseCsv(text);
  if (lines === null) return { fault: 'openQuote' };
  const [header = [], ...rows] = lines;
  if (!header.includes('row_id')) return { fault: 'noRowId' };
  if (rows.length === 0) return { fault: 'noRowsInFile' };
  if (rows.some((row) => row.length !== header.length)) return { fault: 'unequalLines' };
  return { rows: rows.length, columns: header.filter((name) => name !== 'row_id' && name !== 'rules') };
}
