import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..', '..', '..');

interface Excerpt {
  /** Relative to the page. */
  readonly file: string;
  readonly lines: readonly string[];
}

/** Code that a page quotes: each block of TypeScript is from the file that was linked to last. */
const excerptsOf = (page: string): Excerpt[] =>
  [...page.matchAll(/^```ts\n([^]*?)\n```$/gm)].map(({ 1: code = '', index }) => ({
    file: [...page.slice(0, index).matchAll(/\]\(([^)\s]+\.ts)\)/g)].at(-1)?.[1] ?? 'no file',
    lines: code
      .split('\n')
      .map(withoutIndent)
      .filter((line) => line !== '' && line !== '// …'),
  }));

const withoutIndent = (line: string): string => line.trim();

/** The first quoted line that the file does not have, after those before it; undefined for a true excerpt. */
const firstWrongLine = (source: string, { lines }: Excerpt): string | undefined => {
  const written = source.split('\n').map(withoutIndent);
  let from = 0;
  for (const line of lines) {
    const found = written.indexOf(line, from);
    if (found < 0) return line;
    from = found + 1;
  }
  return undefined;
};

it('tells a true excerpt from one that the code has left behind', () => {
  const [excerpt] = excerptsOf('See [it](a.ts):\n\n```ts\n  one();\n// …\nthree();\n```\n');
  expect(excerpt).toEqual({ file: 'a.ts', lines: ['one();', 'three();'] });
  if (excerpt === undefined) return;

  expect(firstWrongLine('one();\n  two();\n  three();', excerpt)).toBeUndefined();
  expect(firstWrongLine('three();\none();', excerpt)).toBe('three();');
});

it('quotes in the tour what the code says', () => {
  const page = readFileSync(join(root, 'docs/tour.md'), 'utf8');
  const excerpts = excerptsOf(page);
  expect(excerpts).not.toEqual([]);

  const wrong = excerpts.flatMap((excerpt) => {
    const source = readFileSync(join(root, dirname('docs/tour.md'), excerpt.file), 'utf8');
    const line = firstWrongLine(source, excerpt);
    return line === undefined ? [] : [`${excerpt.file}: ${line}`];
  });

  expect(wrong).toEqual([]);
});
