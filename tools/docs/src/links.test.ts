import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..', '..', '..');

const isOurs = (name: string): boolean =>
  !name.startsWith('.') && !['node_modules', 'dist', 'tmp'].includes(name);

const markdownIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => isOurs(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return markdownIn(path);
      return entry.name.endsWith('.md') ? [path] : [];
    });

/** Links to other files, without `#heading`; none that is in a code block. */
const relativeLinks = (text: string): string[] =>
  [...text.replace(/^```[^]*?^```/gm, '').matchAll(/\]\((?!\w+:|#)([^)\s#]+)[^)]*\)/g)].flatMap(
    ([, target]) => (target === undefined ? [] : [decodeURI(target)]),
  );

const brokenLinks = (file: string): string[] =>
  relativeLinks(readFileSync(join(root, file), 'utf8')).filter(
    (target) => !existsSync(join(root, dirname(file), target)),
  );

it('finds a link that leads nowhere', () => {
  expect(relativeLinks('[a](b.md#c) [d](https://e.org) [f](#g) ![h](i/j.png)')).toEqual([
    'b.md',
    'i/j.png',
  ]);
});

it('has no link that leads nowhere on any page', () => {
  const pages = markdownIn('');
  expect(pages).toContain('README.md');

  const broken = pages.flatMap((file) => brokenLinks(file).map((target) => `${file}: ${target}`));

  expect(broken).toEqual([]);
});
