import tseslint from 'typescript-eslint';
import { importX } from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import prettier from 'eslint-config-prettier';

const src = './backend/src';

/** Features of the backend and what each may import of the others (ARCHITECTURE §2); `never back` follows. */
const featureImports = {
  common: [],
  config: ['common'],
  telemetry: ['common', 'config'],
  database: ['common', 'config', 'telemetry'],
  health: ['models', 'auth'],
  users: ['auth'],
  auth: ['users'],
  models: ['auth', 'users'],
  predictions: ['models', 'auth', 'users'],
  feedback: ['predictions', 'models', 'auth', 'users'],
  sales: ['auth', 'users'],
  catalog: ['models', 'auth', 'users'],
  experiments: ['catalog', 'models', 'auth', 'users'],
  customers: ['models', 'auth', 'users'],
  pipelines: ['customers', 'sales', 'catalog', 'models', 'auth', 'users'],
};
const shared = ['common', 'config', 'database', 'telemetry'];
const isShared = (name) => shared.includes(name);

const backendZones = Object.entries(featureImports).map(([feature, allowed]) => ({
  target: `${src}/${feature}`,
  from: src,
  except: [feature, ...allowed, ...(isShared(feature) ? [] : shared)].map((name) => `./${name}`),
  message: `${feature} may import only ${[...allowed, 'the shared blocks'].join(', ')}`,
}));

const packageZones = [
  {
    target: './datascience/inference',
    from: ['./datascience/mlflow', './datascience/training', './backend'],
  },
  {
    target: './datascience/mlflow',
    from: ['./datascience/inference', './datascience/training', './backend'],
  },
  { target: './datascience/training', from: ['./backend'] },
  { target: './backend', from: ['./datascience/training'] },
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'data/**', 'coverage/**', '**/*.generated.ts'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx,mjs,js}'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createTypeScriptImportResolver({
          project: ['backend', 'datascience/*'],
          noWarnOnMultipleProjects: true,
        }),
      ],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: [...backendZones, ...packageZones] }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-default-export': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // The environment is read in one place; entry points and the telemetry preload are the exceptions.
    files: ['backend/src/**/*.ts', 'datascience/*/src/**/*.ts'],
    ignores: [
      'backend/src/config/**',
      'backend/src/telemetry/**',
      'backend/src/database/cli/**',
      'datascience/training/src/main.ts',
      'datascience/training/src/environment.ts',
      '**/*.spec.ts',
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read the environment through config.' },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.config.*', '**/bench/**', 'scripts/**', '**/main.ts'],
    rules: { 'no-console': 'off', 'import-x/no-default-export': 'off' },
  },
  {
    files: ['**/*.spec.ts', '**/test/**'],
    rules: { 'max-lines': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  prettier,
);
