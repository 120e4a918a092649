/** The little of Markdown that model cards are written in: headings, paragraphs, lists, tables. */

export type Block =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'paragraph'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; header: string[]; rows: string[][] };

const BAR = /(?<!\\)\|/;
const RULE = /^\|?\s*:?-{2,}/;

const cellsOf = (line: string) => line.trim().replace(/^\|/, '').replace(/(?<!\\)\|$/, '').split(BAR).map((cell) => cell.trim().replaceAll('\\|', '|'));

function tableOf(lines: readonly string[]): Block {
  const [header = '', , ...rows] = lines;
  return { kind: 'table', header: cellsOf(header), rows: rows.map(cellsOf) };
}

function blockOf(lines: readonly string[]): Block {
  const [first = '', second = ''] = lines;
  const heading = /^(#{1,6})\s+(.*)$/.exec(first);
  if (heading && lines.length === 1) return { kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' };
  if (first.trimStart().startsWith('|') && RULE.test(second.trim())) return tableOf(lines);
  if (lines.every((line) => /^[-*]\s+/.test(line.trimStart()) || /^\s/.test(line))) {
    return { kind: 'list', items: lines.join('\n').split(/\n?^\s*[-*]\s+/m).map((item) => item.replace(/\s+/g, ' ').trim()).filter(Boolean) };
  }
  return { kind: 'paragraph', text: lines.join(' ') };
}

/** The blocks of a text: those that are not known are paragraphs, and nothing is ever markup. */
export function blocks(text: string): Block[] {
  return text
    .replace(/\r\n?/g, '\n')
    // A heading ends its block even without an empty line behind it.
    .replace(/^(#{1,6}\s.*)$/gm, '\n$1\n')
    .split(/\n\s*\n/)
    .map((part) => part.split('\n').filter((line) => line.trim() !== ''))
    .filter((lines) => lines.length > 0)
    .map(blockOf);
}
