import { classOf } from './licence';
import { renewPage, unknownLicences } from './licences-page';
import { runtimePackages, type LockFile } from './runtime-packages';

const lock: LockFile = {
  packages: {
    '': { dependencies: { gateway: '^1.0.0', server: '^2.0.0' } },
    'apps/content': { version: '0.1.0' },
    'node_modules/@lyceum/content': { link: true },
    'node_modules/gateway': {
      version: '1.2.0',
      license: 'Elastic-2.0',
      dependencies: { planner: '1' },
    },
    'node_modules/planner': {
      version: '1.0.1',
      license: 'Elastic-2.0',
      dependencies: { lru: '7' },
    },
    'node_modules/planner/node_modules/lru': { version: '7.1.0', license: 'ISC' },
    'node_modules/server': { version: '2.0.0', license: 'MIT', dependencies: { lru: '11' } },
    'node_modules/lru': { version: '11.5.0', license: 'BlueOak-1.0.0' },
    'node_modules/jest': { version: '30.0.0', license: 'MIT', dev: true },
  },
};

it('finds what runs, and the shortest way to it', () => {
  expect(runtimePackages(lock)).toEqual([
    { name: 'gateway', version: '1.2.0', licence: 'Elastic-2.0', path: ['gateway'] },
    { name: 'lru', version: '11.5.0', licence: 'BlueOak-1.0.0', path: ['server', 'lru'] },
    { name: 'lru', version: '7.1.0', licence: 'ISC', path: ['gateway', 'planner', 'lru'] },
    { name: 'planner', version: '1.0.1', licence: 'Elastic-2.0', path: ['gateway', 'planner'] },
    { name: 'server', version: '2.0.0', licence: 'MIT', path: ['server'] },
  ]);
});

it.each([
  ['MIT', 'plain'],
  ['(MIT AND BSD-3-Clause)', 'plain'],
  ['(GPL-3.0-only OR MIT)', 'plain'],
  ['(MIT AND Elastic-2.0)', 'explained'],
  ['BlueOak-1.0.0', 'explained'],
  ['(MIT AND GPL-3.0-only)', 'unknown'],
  ['MIT OR (ISC AND GPL-3.0-only)', 'unknown'],
  ['none', 'unknown'],
])('takes %s for %s', (expression, expected) => {
  expect(classOf(expression)).toBe(expected);
});

it('names a package whose licence nobody has read', () => {
  const packages = runtimePackages({
    packages: {
      '': { dependencies: { secret: '1' } },
      'node_modules/secret': { version: '1.0.0', license: 'SEE LICENSE IN LICENSE' },
      'node_modules/bare': { version: '1.0.0' },
    },
  });

  expect(unknownLicences(packages).map(({ name }) => name)).toEqual(['bare', 'secret']);
});

const page =
  'Before.\n\n<!-- begin: npm run licences -->\nold\n<!-- end: npm run licences -->\n\nAfter.\n';

it('renews its part of the page and leaves the rest', () => {
  const renewed = renewPage(page, runtimePackages(lock));

  expect(renewed).toContain('Before.\n\n<!-- begin: npm run licences -->\n\n| licence ');
  expect(renewed).toContain('| `planner` | 1.0.1   | Elastic-2.0   | gateway       |\n');
  expect(renewed).toContain('| `lru`     | 11.5.0  | BlueOak-1.0.0 | server        |\n');
  expect(renewed).not.toContain('`server`');
  expect(renewed).toMatch(/<!-- end: npm run licences -->\n\nAfter\.\n$/);
  expect(renewPage(renewed, runtimePackages(lock))).toBe(renewed);
});

it('does not write into a page without a place for it', () => {
  expect(() => renewPage('Nothing here.', [])).toThrow('must have');
});
