import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assignableRoles, bannableRoles, may, rights, roles, type RightName } from './rights';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const holders = (says: string, held: readonly string[]): string =>
  row([says, ...roles.map((role) => (held.includes(role) ? '✓' : '–'))]);

/** The table of docs/roles.md, as the matrix has it. */
const table = (): readonly string[] => [
  row(['action', ...roles]),
  row(['---', ...roles.map(() => ':-:')]),
  ...Object.values(rights).map(({ says, roles: held }) => holders(says, held)),
  ...roles
    .filter((to) => to !== 'owner')
    .map((to) =>
      holders(
        `make somebody ${to}`,
        roles.filter((own) => assignableRoles[own].includes(to)),
      ),
    ),
  ...roles
    .filter((target) => target !== 'owner')
    .map((target) =>
      holders(
        `ban a member who is ${target}, and lift the ban`,
        roles.filter((own) => bannableRoles[own].includes(target)),
      ),
    ),
];

const bare = (line: string): string => line.replace(/\s+/g, ' ').replace(/:?-+:?/g, '-');

describe('the matrix of rights', () => {
  it('is what docs/roles.md shows', () => {
    const page = readFileSync(join(__dirname, '../../../docs/roles.md'), 'utf8');
    const [, shown = ''] = page.split('<!-- rights -->');
    expect(shown.trim().split('\n').map(bare)).toEqual(table().map(bare));
  });

  it('gives nothing to who is no member', () => {
    for (const name of Object.keys(rights) as RightName[]) expect(may(null, name)).toBe(false);
  });

  it('never gives a role more than the owner has, nor a right over who stands as high', () => {
    for (const { roles: held } of Object.values(rights))
      expect(held as readonly string[]).toContain('owner');
    for (const role of roles) expect(bannableRoles[role]).not.toContain(role);
    for (const role of roles)
      if (role !== 'owner') expect(assignableRoles[role]).not.toContain(role);
  });
});
