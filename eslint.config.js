import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const noSubgraphs = {
  group: ['@tributary/users', '@tributary/orders', '@tributary/billing', '@tributary/app', '**/subgraphs/**'],
  message: 'The gateway runs in front of any subgraphs and knows none of them.',
};
const noOtherSubgraphs = {
  group: ['@tributary/users', '@tributary/orders', '@tributary/billing', '@tributary/gateway', '@tributary/app'],
  message: 'A subgraph reaches others through the graph and events, never through imports.',
};
const noWorkspaces = {
  group: ['@tributary/*'],
  message: 'The kit is technique without domain and stands below every workspace.',
};

export default defineConfig(
  globalIgnores(['**/node_modules', '.data', '.cache', 'schema/generated']),
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off', // a cast that says "checked just above"; noUncheckedIndexedAccess makes it needed
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      '@typescript-eslint/require-await': 'off', // an async function that answers at once still keeps its promise type
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Settings are read once, in config.ts.' },
      ],
    },
  },
  { files: ['**/config.ts', 'test/kit/**', '*.config.ts'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['*.config.ts', 'test/kit/global-setup.ts'], rules: { 'no-restricted-exports': 'off' } },
  { files: ['gateway/**/*.ts'], rules: { 'no-restricted-imports': ['error', { patterns: [noSubgraphs] }] } },
  { files: ['subgraphs/kit/**/*.ts'], rules: { 'no-restricted-imports': ['error', { patterns: [noWorkspaces] }] } },
  {
    files: ['subgraphs/{users,orders,billing}/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [noOtherSubgraphs] }] },
  },
  { files: ['**/*.js'], languageOptions: { globals: { process: 'readonly', console: 'readonly' } } },
  prettier,
);
