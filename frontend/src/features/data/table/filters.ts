/** Filters as the reader builds them and as the service reads them. */
export const COMPARISONS = ['eq', 'ne', 'like', 'ge', 'le', 'gt', 'lt', 'is_null', 'not_null'] as const;
export type Comparison = (typeof COMPARISONS)[number];

export interface Filter {
  column: string;
  comparison: Comparison;
  /** As typed; without meaning for the blanks. */
  value: string;
}

const BY_TYPE: Record<string, readonly Comparison[]> = {
  string: ['eq', 'ne', 'like', 'is_null', 'not_null'],
  bool: ['eq', 'is_null', 'not_null'],
  date: ['ge', 'le', 'eq', 'is_null', 'not_null'],
  timestamp: ['ge', 'le', 'is_null', 'not_null'],
};
const NUMBER: readonly Comparison[] = ['eq', 'ne', 'ge', 'le', 'gt', 'lt', 'is_null', 'not_null'];

/** What can be asked of a column of this type. */
export function comparisonsOf(type: string): readonly Comparison[] {
  return BY_TYPE[type] ?? NUMBER;
}

export const isNumeric = (type: string) => ['int32', 'int64', 'float64'].includes(type);
export const isBlankTest = (comparison: Comparison) => comparison === 'is_null' || comparison === 'not_null';

/** Whether a value can be asked for: a whole or broken number, a day, anything else as text. */
export function isValid({ comparison, value }: Filter, type: string): boolean {
  if (isBlankTest(comparison)) return true;
  if (value.trim() === '') return false;
  if (type === 'float64') return Number.isFinite(Number(value));
  if (isNumeric(type)) return /^\s*-?\d{1,18}\s*$/.test(value);
  return true;
}

/** A day as a moment: from its beginning, or to its end. */
const momentOf = (day: string, comparison: Comparison) => `${day}T${comparison === 'le' ? '23:59:59' : '00:00:00'}Z`;

function operand({ comparison, value }: Filter, type: string): unknown {
  if (isNumeric(type)) return Number(value);
  if (type === 'bool') return value === 'true';
  if (type === 'timestamp') return momentOf(value, comparison);
  return comparison === 'like' ? `%${value.trim()}%` : value;
}

/** The filters as the service takes them: `{"total_cents": {"ge": 100}}`. */
export function asAsked(filters: readonly Filter[], types: ReadonlyMap<string, string>): Record<string, Record<string, unknown>> {
  const asked: Record<string, Record<string, unknown>> = {};
  for (const filter of filters) {
    const of = (asked[filter.column] ??= {});
    if (isBlankTest(filter.comparison)) of.is_null = filter.comparison === 'is_null';
    else of[filter.comparison] = operand(filter, types.get(filter.column) ?? 'string');
  }
  return asked;
}

/** One filter for a column and comparison: a second replaces the first. */
export function added(filters: readonly Filter[], filter: Filter): Filter[] {
  const isBlank = isBlankTest(filter.comparison);
  const same = (other: Filter) => other.column === filter.column && (other.comparison === filter.comparison || (isBlank && isBlankTest(other.comparison)));
  return [...filters.filter((other) => !same(other)), filter];
}

export function write(filters: readonly Filter[]): string {
  return filters.length === 0 ? '' : JSON.stringify(filters.map(({ column, comparison, value }) => [column, comparison, value]));
}

/** The filters of an address; what does not hold together, or asks for unknown columns, is left out. */
export function read(text: string | null, types: ReadonlyMap<string, string>): Filter[] {
  if (!text) return [];
  try {
    const found = JSON.parse(text) as unknown;
    if (!Array.isArray(found)) return [];
    return found.flatMap((each): Filter[] => {
      const [column, comparison, value] = Array.isArray(each) ? (each as unknown[]) : [];
      if (typeof column !== 'string' || typeof value !== 'string') return [];
      const type = types.get(column);
      if (type === undefined || !comparisonsOf(type).includes(comparison as Comparison)) return [];
      const filter = { column, comparison: comparison as Comparison, value };
      return isValid(filter, type) ? [filter] : [];
    });
  } catch {
    return [];
  }
}
