import { describe, expect, it } from 'vitest';

import { createCatalogue, placeholders, translator, type Catalogue, type Messages } from './catalogue';

const modules = import.meta.glob<{ texts: Catalogue<Messages> }>('../**/texts.ts', { eager: true });
const catalogues = Object.entries(modules).map(([path, module]) => [path.replace('../', ''), module.texts] as const);

const sample = createCatalogue(
  { hello: 'Hello {name}', rows: { one: '{count} row', other: '{count} rows' } },
  { he: () => Promise.resolve({ default: { hello: 'שלום {name}', rows: { one: 'שורה', two: 'שורתיים', other: '{count} שורות' } } }) },
);

describe('translator', () => {
  const t = translator<typeof sample.en>(sample.en, 'en-GB');

  it('fills in values and writes numbers in the language’s way', () => {
    expect(t('hello', { name: 'Dana' })).toBe('Hello Dana');
    expect(t('rows', { count: 1 })).toBe('1 row');
    expect(t('rows', { count: 12_345 })).toBe('12,345 rows');
  });

  it('chooses among the forms that a language has', async () => {
    const he = translator<typeof sample.en>(await sample.load('he'), 'he-IL');
    expect([1, 2, 5].map((count) => he('rows', { count }))).toEqual(['שורה', 'שורתיים', '5 שורות']);
  });

  it('leaves a value that looks like a place alone', () => {
    expect(t('hello', { name: '{name}' })).toBe('Hello {name}');
  });
});

describe.each(catalogues)('%s', (_, catalogue) => {
  it('says the same things in Hebrew', async () => {
    const he = await catalogue.load('he');
    expect(Object.keys(he)).toEqual(Object.keys(catalogue.en));
    for (const [key, message] of Object.entries(catalogue.en)) {
      expect(placeholders(he[key] ?? ''), key).toEqual(placeholders(message));
      expect(Object.values(typeof he[key] === 'string' ? [he[key]] : (he[key] ?? {})).join(''), key).not.toBe('');
    }
  });

  it('is written in Hebrew where it has words', async () => {
    const he = await catalogue.load('he');
    const foreign = Object.entries(he).filter(([, message]) => !/[\u0590-\u05ff]/.test(JSON.stringify(message)));
    // Names of formats and languages are the same everywhere.
    foreign.forEach(([key, message]) => expect(message, key).toEqual(catalogue.en[key]));
  });
});
