/** The rules of a row, each by itself: the service joins them with semicolons. */
export function rulesIn(rules: string): string[] {
  return rules.split('; ').map((rule) => rule.trim()).filter((rule) => rule !== '');
}

const plain = (word: string) => word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

/** A name as the rules may say it: `total_amount` is “total amount”, and by its first word “total”. */
function spellings(name: string): string[] {
  const words = plain(name.replaceAll('_', ' '));
  const [first = ''] = words.split(' ');
  return first.length >= 5 ? [words, first] : [words];
}

/** The columns that the broken rules speak of, as far as their words tell; never more than half of all. */
export function blamed(names: readonly string[], rules: string): ReadonlySet<string> {
  const said = ` ${plain(rules)} `;
  const exact = names.filter((name) => ` ${rules} `.match(new RegExp(`\\b${name.replace(/[^\w]/g, '')}\\b`)));
  if (exact.length > 0) return new Set(exact);
  const found = names.filter((name) => spellings(name).some((spelling) => said.includes(` ${spelling} `)));
  return new Set(found.length <= names.length / 2 ? found : []);
}

/** A value as it came; null for nothing. */
export function shown(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
