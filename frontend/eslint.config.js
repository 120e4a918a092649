import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import typescript from 'typescript-eslint';

import { oneWay } from './eslint/one-way.js';

const COLOUR = 'Literal[value=/^(#[0-9a-fA-F]{3,8}|(rgb|hsl)a?\\()/]';

export default typescript.config(
  { ignores: ['node_modules', 'dist', 'src/api/schema.d.ts'] },
  js.configs.recommended,
  ...typescript.configs.strict,
  hooks.configs.flat['recommended-latest'],
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    plugins: { omnix: { rules: { 'one-way': oneWay } } },
    rules: {
      'omnix/one-way': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true }],
      // It warns of the React Compiler, which is not used here.
      'react-hooks/incompatible-library': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': [
        'error',
        { selector: COLOUR, message: 'Colours live in src/theme/tokens.ts only.' },
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Render text, not markup.' },
      ],
    },
  },
  { files: ['src/theme/**'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['**/*.test.*'], rules: { 'no-restricted-syntax': 'off', '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['public/sw.js'], languageOptions: { globals: globals.serviceworker } },
  { files: ['scripts/**'], rules: { 'no-console': 'off' } },
);
