import { classOf } from './licence';
import type { RuntimePackage } from './runtime-packages';

const begin = '<!-- begin: npm run licences -->';
const end = '<!-- end: npm run licences -->';

/** The page with its generated part renewed: a count by licence, and the packages one should know of. */
export const renewPage = (page: string, packages: readonly RuntimePackage[]): string => {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/licences.md must have "${begin}" and "${end}".`);
  const listed = packages.filter(({ licence }) => classOf(licence) !== 'plain');
  const text = [sums(packages), '', list(listed)].join('\n');
  return `${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`;
};

/** Packages whose licence nobody has read yet. */
export const unknownLicences = (packages: readonly RuntimePackage[]): readonly RuntimePackage[] =>
  packages.filter(({ licence }) => classOf(licence) === 'unknown');

const sums = (packages: readonly RuntimePackage[]): string => {
  const counts = new Map<string, number>();
  for (const { licence } of packages) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  const rows = [...counts]
    .sort(([a, many], [b, other]) => other - many || (a < b ? -1 : 1))
    .map(([licence, count]) => [licence, String(count)]);
  return table(['licence', 'packages'], rows);
};

const list = (packages: readonly RuntimePackage[]): string =>
  table(
    ['package', 'version', 'licence', 'needed by'],
    packages.map(({ name, version, licence, path }) => [
      `\`${name}\``,
      version,
      licence,
      path.length > 1 ? path.slice(0, -1).join(' → ') : 'Lyceum itself',
    ]),
  );

/** Columns as wide as Prettier makes them, so that it leaves the page as it is. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
};
