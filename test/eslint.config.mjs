// Lint for the whole repository. The import rules below are the house plan's layers, as errors.
import path from 'node:path';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const files = (...folders) => folders.map((folder) => `src/${folder}/**/*.ts`);
/** No import of these sibling folders, of vscode, or of the Node modules named. */
const layer = (name, { not, node }) => ({
  files: files(name),
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: [{ name: 'vscode', message: 'Only src/ui and src/extension.ts speak to VS Code.' }],
        patterns: [
          ...not.map((folder) => ({ regex: `^\\.\\./${folder}/`, message: `${name}/ must not import ${folder}/.` })),
          ...node.map((module) => ({ regex: `^(node:)?${module}(/|$)`, message: `${name}/ does not use ${module}.` })),
        ],
      },
    ],
  },
});
const io = ['fs', 'sqlite', 'child_process', 'net', 'http', 'https', 'dns'];
const anyNode = [...io, 'worker_threads', 'path', 'os', 'process', 'crypto', 'url', 'zlib', 'stream', 'buffer', 'util'];

export default tseslint.config(
  { ignores: ['dist/**', 'out/**', 'node_modules/**', '.vscode-test/**', 'test/fixtures/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: path.resolve(import.meta.dirname, '..') },
    },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  layer('tokens', {
    not: ['pricing', 'agents', 'ledger', 'prompts', 'advisor', 'report', 'ui', 'cli'],
    node: [...io, 'path', 'os', 'zlib'],
  }),
  layer('pricing', { not: ['tokens', 'agents', 'ledger', 'prompts', 'advisor', 'report', 'ui', 'cli'], node: anyNode }),
  layer('agents', { not: ['tokens', 'pricing', 'ledger', 'prompts', 'advisor', 'report', 'ui', 'cli'], node: io }),
  layer('ledger', {
    not: ['prompts', 'advisor', 'report', 'ui', 'cli'],
    node: ['child_process', 'net', 'http', 'https', 'dns'],
  }),
  layer('prompts', { not: ['agents', 'ledger', 'advisor', 'report', 'ui', 'cli'], node: anyNode }),
  layer('advisor', { not: ['agents', 'ledger', 'prompts', 'report', 'ui', 'cli'], node: anyNode }),
  layer('report', { not: ['ui', 'cli'], node: io }),
  {
    files: ['*.js', 'test/*.mjs', 'test/build/*.js', '**/*.cjs'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      ...tseslint.configs.disableTypeChecked.languageOptions,
      globals: {
        process: 'readonly',
        console: 'readonly',
        require: 'readonly',
        module: 'writable',
        __dirname: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
      },
    },
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      '@typescript-eslint/no-require-imports': 'off',
      'no-console': 'off',
    },
  },
  {
    files: ['media/**/*.js'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      ...tseslint.configs.disableTypeChecked.languageOptions,
      globals: { document: 'readonly', window: 'readonly', acquireVsCodeApi: 'readonly' },
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
);
