import { Linter } from 'eslint';
import { expect, it } from 'vitest';

// @ts-expect-error: a rule is plain JavaScript, as ESLint loads it.
import { oneWay } from './one-way.js';

const linter = new Linter({ cwd: '/work-folder' });

function ids(file: string, code: string): (string | undefined)[] {
  const config = { files: ['**/*.tsx'], plugins: { omnix: { rules: { 'one-way': oneWay } } }, rules: { 'omnix/one-way': 'error' } } as const;
  const filename = `/work-folder/src/${file}`;
  return linter.verify(code, [config as unknown as Linter.Config], { filename }).map((found) => found.messageId);
}

it('lets a feature import itself and what stands below it', () => {
  expect(ids('features/data/page.tsx', "import { Page } from '@/components/page'; import './table';")).toEqual([]);
});

it('refuses a feature that imports another, by alias or by path', () => {
  expect(ids('features/data/page.tsx', "import { a } from '@/features/runs/a';")).toEqual(['sideways']);
  expect(ids('features/data/page.tsx', "const a = import('../runs/a');")).toEqual(['sideways']);
});

it('refuses an import of what stands above', () => {
  expect(ids('components/page.tsx', "export { app } from '@/app/app';")).toEqual(['upwards']);
  expect(ids('theme/tokens.tsx', "import '../i18n/format';")).toEqual(['upwards']);
});
