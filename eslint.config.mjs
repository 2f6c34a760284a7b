// One configuration for the whole repository. Run it through `npx nx run-many -t lint`: plain eslint
// without Nx's project graph leaves out the dependency rules, and says so only in a warning.
import eslint from '@eslint/js';
// The one rule; the package's main entry would compile tools/eslint-rules in its own way as well.
import { enforceModuleBoundaries } from '@nx/eslint-plugin/internal';
import { builtinRules } from 'eslint/use-at-your-own-risk';
import { createJiti } from 'jiti';
import tseslint from 'typescript-eslint';

const { plugin: ownRules } = await createJiti(import.meta.url).import(
  './tools/eslint-rules/src/index.ts',
);

const kernel = ['type:contracts', 'type:kernel'];
const platform = ['type:platform', ...kernel];

/** Which project may depend on which, by tag (docs: the dependency rules). */
const depConstraints = (furtherTags) => [
  ...kernel.map((sourceTag) => ({
    sourceTag,
    onlyDependOnLibsWithTags: kernel,
    bannedExternalImports: ['typeorm', 'type-graphql', 'bullmq', '@apollo/*', 'ioredis'],
  })),
  { sourceTag: 'type:platform', onlyDependOnLibsWithTags: [...platform, ...furtherTags] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: [...platform, 'type:testing'] },
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: [...platform, ...furtherTags],
    bannedExternalImports: ['bullmq', 'bullmq/*', 'ioredis'],
  },
  {
    sourceTag: 'type:web',
    onlyDependOnLibsWithTags: kernel,
    bannedExternalImports: ['typeorm', 'bullmq', 'bullmq/*', 'ioredis', 'pg'],
  },
  { sourceTag: 'type:standalone', onlyDependOnLibsWithTags: ['*'] },
  { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: ['*'] },
  { sourceTag: 'type:tool', notDependOnLibsWithTags: ['type:web'] },
];

const boundaries = (furtherTags) => ({
  '@nx/enforce-module-boundaries': [
    'error',
    {
      depConstraints: depConstraints(furtherTags),
      // Tests of platform use testing, which is made of platform. The tags keep it to tests.
      ignoredCircularDependencies: [['@lyceum/platform', '@lyceum/testing']],
    },
  ],
});

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export it by its name (export const x = …), so that it is called the same everywhere.',
};
const onlyEnvReadsEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'env.ts is the only reader of the environment: parse it there (parseEnv), pass it in.',
};

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '**/.lyceum/', '**/tmp/', '**/coverage/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  {
    files: ['**/*.ts'],
    extends: [eslint.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: {
      '@nx': { rules: { 'enforce-module-boundaries': enforceModuleBoundaries } },
      lyceum: {
        ...ownRules,
        // ESLint's own rule a second time, because one rule has one severity: long files get a warning first.
        rules: { ...ownRules.rules, 'max-lines-hard': builtinRules.get('max-lines') },
      },
    },
    rules: {
      ...boundaries([]),
      'lyceum/mutation-is-authorized': 'error',
      'lyceum/no-network-in-use-case': 'error',

      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/max-params': ['error', { max: 3 }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],

      'max-lines': ['warn', { max: 250, skipBlankLines: true, skipComments: true }],
      'lyceum/max-lines-hard': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'no-control-regex': 'off', // texts of strangers are searched for such characters
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', noDefaultExport],
      'no-restricted-globals': [
        'error',
        {
          name: 'console',
          message: 'Log with ctx.log or deps.log; tools and start scripts write to process.stdout.',
        },
      ],

      // Objects here are closures that use no `this`, whatever their interfaces' notation.
      '@typescript-eslint/unbound-method': 'off',
      // Decorated classes are how type-graphql and TypeORM are told things; literals of their shape are fine.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Code points are what limits on text count.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
    },
  },
  {
    // What reputation, bounties and their import call an amount are points, which are counted, not money.
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: ['apps/reputation/**', 'apps/content/src/bounties/**', 'apps/content/src/import/**'],
    rules: { 'lyceum/no-number-money': 'error' },
  },
  {
    files: ['apps/**/*.ts'],
    ignores: ['**/env.ts', 'apps/e2e/**', 'apps/standalone/**', '**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport, onlyEnvReadsEnvironment] },
  },
  {
    // Tests may use libs/testing, and their long functions are lists of cases.
    files: ['**/*.test.ts', '**/*.suite.ts', '**/*.factory.ts'],
    rules: {
      ...boundaries(['type:testing']),
      'max-lines-per-function': 'off',
      '@typescript-eslint/max-params': 'off', // a table's columns are parameters
      // Answers of a server are read as they come; the assertions are what checks them.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    extends: [eslint.configs.recommended],
    languageOptions: {
      globals: {
        process: 'readonly',
        __dirname: 'readonly',
        module: 'writable',
        require: 'readonly',
      },
    },
  },
);
