/** Moving through a tree by keyboard, as the WAI-ARIA pattern has it. Rows stand in the document in the order in which they are seen. */

const rowsOf = (tree: Element) => [...tree.querySelectorAll<HTMLElement>('[role=treeitem]')];
const levelOf = (row: Element) => Number(row.getAttribute('aria-level'));

function parentOf(rows: readonly HTMLElement[], at: number): HTMLElement | undefined {
  const level = levelOf(rows[at] as HTMLElement);
  return rows.slice(0, at).findLast((row) => levelOf(row) < level);
}

function firstChild(rows: readonly HTMLElement[], at: number): HTMLElement | undefined {
  const next = rows[at + 1];
  return next && levelOf(next) > levelOf(rows[at] as HTMLElement) ? next : undefined;
}

/** The next row whose words begin with a letter, going round. */
function byLetter(rows: readonly HTMLElement[], at: number, letter: string): HTMLElement | undefined {
  const round = [...rows.slice(at + 1), ...rows.slice(0, at + 1)];
  return round.find((row) => row.textContent?.trim().toLowerCase().startsWith(letter.toLowerCase()));
}

export type Move = { to: HTMLElement } | { act: 'open' | 'close' | 'choose' } | null;

interface Pressed {
  key: string;
  /** Whether the page is read from right to left: the arrows follow the page. */
  isRightToLeft: boolean;
}

/** What a key does on a row: go to another, open or close it, or choose it. */
export function moveOf(tree: Element, row: HTMLElement, { key, isRightToLeft }: Pressed): Move {
  const rows = rowsOf(tree);
  const at = rows.indexOf(row);
  const expanded = row.getAttribute('aria-expanded');
  const to = (found: HTMLElement | undefined): Move => (found ? { to: found } : null);
  const [inward, outward] = isRightToLeft ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft'];
  if (key === 'ArrowDown') return to(rows[at + 1]);
  if (key === 'ArrowUp') return to(rows[at - 1]);
  if (key === 'Home') return to(rows[0]);
  if (key === 'End') return to(rows.at(-1));
  if (key === 'Enter' || key === ' ') return { act: 'choose' };
  if (key === inward) return expanded === 'false' ? { act: 'open' } : to(firstChild(rows, at));
  if (key === outward) return expanded === 'true' ? { act: 'close' } : to(parentOf(rows, at));
  return key.length === 1 ? to(byLetter(rows, at, key)) : null;
}
