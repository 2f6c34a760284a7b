import { existsSync, readFileSync } from 'node:fs';

it('every file that docs/security.md names for a requirement is there', () => {
  const [, table = ''] = readFileSync('docs/security.md', 'utf8').split('## ASVS 5');
  const named = [...table.matchAll(/`((?:apps|libs)\/[^`]+)`/g)].map(([, file]) => file ?? '');
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
});
