// What the linter holds: strict types, hooks, accessible markup, an opening line in each file, no browser storage.

import js from '@eslint/js';
import a11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

/** Each file says what it is in a comment at its top. */
const opening = {
  meta: { type: 'suggestion', schema: [] },
  create: (context) => ({
    Program(node) {
      const [first] = context.sourceCode.getAllComments();
      if (first?.loc.start.line !== 1) {
        context.report({ node, message: 'Open with one sentence on what this file is.' });
      }
    },
  }),
};

export default ts.config(
  { ignores: ['node_modules', 'src/api/schema.ts', 'test-results'] },
  js.configs.recommended,
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/only-throw-error': ['error', { allow: [{ from: 'package', package: '@tanstack/router-core', name: 'Redirect' }] }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-restricted-globals': [
        'error',
        ...['localStorage', 'sessionStorage', 'indexedDB'].map((name) => ({
          name,
          message: 'Nothing is kept in the browser; drafts live on the server.',
        })),
      ],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [a11y.flatConfigs.strict],
    plugins: { 'react-hooks': hooks },
    rules: hooks.configs.recommended.rules,
  },
  { files: ['e2e/**'], rules: { 'no-restricted-globals': 'off' } },
  {
    plugins: { house: { rules: { opening } } },
    rules: { 'house/opening': 'error', 'max-lines': ['error', { max: 300 }] },
  },
);
