import eslint from '@eslint/js';
import graphqlPlugin from '@graphql-eslint/eslint-plugin';
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
  globalIgnores(['**/node_modules', '.data', '.cache', 'app/explorer/dist', 'schema/generated']),
  { files: ['**/*.{js,ts,tsx}'], ...eslint.configs.recommended },
  {
    files: ['**/*.{ts,tsx}'],
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
  {
    files: ['**/config.ts', 'test/kit/**', 'test/bench/**', '*.config.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['*.config.ts', 'test/kit/global-setup.ts'], rules: { 'no-restricted-exports': 'off' } },
  { files: ['gateway/**/*.ts'], rules: { 'no-restricted-imports': ['error', { patterns: [noSubgraphs] }] } },
  { files: ['subgraphs/kit/**/*.ts'], rules: { 'no-restricted-imports': ['error', { patterns: [noWorkspaces] }] } },
  {
    files: ['subgraphs/{users,orders,billing}/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [noOtherSubgraphs] }] },
  },
  { files: ['**/*.js'], languageOptions: { globals: { process: 'readonly', console: 'readonly' } } },
  prettier,

  {
    files: ['schema/*.graphql'],
    languageOptions: {
      parser: graphqlPlugin.parser,
      // The API schema has no federation directives to resolve, and what it says about types holds for the subgraphs too.
      parserOptions: {
        graphQLConfig: { schema: './schema/generated/api.graphql', documents: './schema/operations.graphql' },
      },
    },
    plugins: { '@graphql-eslint': graphqlPlugin },
  },
  {
    files: ['schema/*.graphql'],
    ignores: ['schema/operations.graphql'],
    rules: {
      '@graphql-eslint/naming-convention': [
        'error',
        {
          types: 'PascalCase',
          FieldDefinition: { style: 'camelCase', forbiddenPrefixes: ['get', 'list', 'query'] },
          InputValueDefinition: 'camelCase',
          EnumValueDefinition: 'UPPER_CASE',
          InputObjectTypeDefinition: { style: 'PascalCase', requiredSuffixes: ['Input', 'Filter', 'Sort'] },
          EnumTypeDefinition: { style: 'PascalCase', forbiddenSuffixes: ['Enum'] },
          ObjectTypeDefinition: { style: 'PascalCase', forbiddenSuffixes: ['Type', 'Object'] },
          InterfaceTypeDefinition: { style: 'PascalCase', forbiddenSuffixes: ['Interface'] },
        },
      ],
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
          rootField: true,
          ignoredSelectors: ['ObjectTypeDefinition[name.value=/^(Query|Mutation|Subscription)$/]'],
        },
      ],
      '@graphql-eslint/description-style': ['error', { style: 'inline' }],
      '@graphql-eslint/no-hashtag-description': 'error',
      '@graphql-eslint/no-typename-prefix': 'error',
      '@graphql-eslint/require-deprecation-reason': 'error',
      '@graphql-eslint/unique-enum-value-names': 'error',
      '@graphql-eslint/unique-field-definition-names': 'error',
      '@graphql-eslint/relay-page-info': 'error',
      '@graphql-eslint/relay-connection-types': 'error',
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: true }],
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
      ],
    },
  },
  {
    files: ['schema/operations.graphql'],
    rules: {
      '@graphql-eslint/naming-convention': [
        'error',
        {
          OperationDefinition: {
            style: 'PascalCase',
            forbiddenPrefixes: ['Query', 'Get'],
            forbiddenSuffixes: ['Query'],
          },
          FragmentDefinition: 'PascalCase',
          VariableDefinition: 'camelCase',
        },
      ],
      '@graphql-eslint/no-anonymous-operations': 'error',
      '@graphql-eslint/no-duplicate-fields': 'error',
      '@graphql-eslint/unique-operation-name': 'error',
      '@graphql-eslint/fields-on-correct-type': 'error',
      '@graphql-eslint/known-argument-names': 'error',
      '@graphql-eslint/known-fragment-names': 'error',
      '@graphql-eslint/no-unused-fragments': 'error',
      '@graphql-eslint/no-unused-variables': 'error',
      '@graphql-eslint/no-undefined-variables': 'error',
      '@graphql-eslint/no-deprecated': 'error',
    },
  },
);
