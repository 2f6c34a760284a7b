import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { smallDump } from '../testing/small-dump';
import { writeDump } from './write-dump';
import { checkDump } from './dump';
import { DumpError } from './dump-error';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dump 中文 '));
});
afterEach(() => rm(folder, { recursive: true }));

const check = () => checkDump(folder, () => undefined);
const problem = async (): Promise<DumpError> => {
  try {
    await check();
  } catch (error) {
    if (error instanceof DumpError) return error;
    throw error;
  }
  throw new Error('the dump passed the check');
};

describe('a malformed dump', () => {
  beforeEach(() => writeDump(folder, smallDump));

  const put = (name: string, content: string | Buffer) => writeFile(join(folder, name), content);
  const edit = async (name: string, change: (xml: string) => string) => {
    const before = await readFile(join(folder, name), 'utf8');
    const after = change(before);
    expect(after).not.toBe(before);
    await put(name, after);
  };

  it.each<[string, string, string | RegExp, string, number, RegExp]>([
    [
      'an attribute that is missing',
      'Users.xml',
      ' CreationDate="2021-05-01T10:00:00.000"',
      '',
      3,
      /CreationDate is missing/,
    ],
    [
      'a date that is none',
      'Comments.xml',
      '2021-05-04T10',
      '2021-02-30T10',
      3,
      /CreationDate is not a date: "2021-02-30/,
    ],
    [
      'a number that is none',
      'Votes.xml',
      'VoteTypeId="1"',
      'VoteTypeId="one"',
      6,
      /VoteTypeId is not a whole number: "one"/,
    ],
    ['a number too large', 'Votes.xml', 'Id="5"', 'Id="99999999999"', 7, /not a whole number/],
    ['an id out of range', 'Votes.xml', 'Id="5"', 'Id="4294967296"', 7, /out of range/],
    ['a negative id', 'Posts.xml', 'Id="13"', 'Id="-13"', 4, /not a row's id/],
    ['a second row of an id', 'Tags.xml', 'Id="2"', 'Id="1"', 4, /second row has Id 1/],
    [
      'a question without title',
      'Posts.xml',
      'Title="Question 10"',
      'Title=" "',
      3,
      /Title is empty/,
    ],
    [
      'tags that are no list',
      'Posts.xml',
      '&lt;node.js&gt;&lt;c++&gt;',
      'node.js',
      3,
      /not a list of tags/,
    ],
    [
      'another element',
      'PostLinks.xml',
      '<row Id="2"',
      '<line Id="2"',
      4,
      /unexpected element <line>/,
    ],
    ['an element within a row', 'Badges.xml', '/>', '><b/></row>', 3, /unexpected element <b>/],
    ['text between rows', 'Badges.xml', '</badges>', 'hello</badges>', 4, /text between/],
    [
      'another table’s rows',
      'Badges.xml',
      /badges>/g,
      'users>',
      2,
      /is <users>, expected <badges>/,
    ],
    ['a quote left open', 'PostLinks.xml', 'LinkTypeId="3"', 'LinkTypeId="3', 5, /malformed XML/],
    [
      'an entity nobody defined',
      'Users.xml',
      'Bob',
      'B&ob;',
      5,
      /malformed XML \(undefined entity/,
    ],
    ['a NUL', 'Users.xml', 'Bob', 'B&#0;b', 5, /malformed XML/],
    [
      'an attribute given twice',
      'Users.xml',
      'DisplayName="Bob"',
      'DisplayName="Bob" DisplayName="Bob"',
      5,
      /malformed XML \(duplicate attribute/,
    ],
    ['no end', 'Votes.xml', '</votes>', '', 21, /malformed XML \(unclosed tag: votes/],
    [
      'something after the end',
      'Votes.xml',
      '</votes>',
      '</votes><votes/>',
      21,
      /malformed XML|unexpected/,
    ],
    ['another encoding', 'Tags.xml', 'utf-8', 'iso-8859-1', 1, /encoding is iso-8859-1/],
  ])('%s: says file, line and reason', async (_name, file, search, replacement, line, reason) => {
    await edit(file, (xml) => xml.replace(search, replacement));
    const error = await problem();
    expect(error.place).toEqual({ file, line });
    expect(error.message).toMatch(reason);
  });

  it('refuses a document type, so that no entity can grow without bound', async () => {
    const bomb = '<!DOCTYPE users [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>';
    await edit('Users.xml', (xml) => xml.replace('<users>', `${bomb}<users>`));
    expect(await problem()).toMatchObject({
      place: { file: 'Users.xml', line: 2 },
      reason: expect.stringMatching(/document type/) as string,
    });
  });

  it('refuses a row without end before it fills the memory', async () => {
    await put('Tags.xml', `<tags><row Id="1" TagName="${'x'.repeat(20 * 1024 * 1024)}"/></tags>`);
    expect((await problem()).reason).toMatch(/longer than 16 MiB/);
  });

  it('refuses bytes that are not UTF-8, and UTF-16', async () => {
    await put(
      'Tags.xml',
      Buffer.concat([
        Buffer.from('<tags><row Id="1" TagName="'),
        Buffer.from([0xff]),
        Buffer.from('"/></tags>'),
      ]),
    );
    expect((await problem()).reason).toMatch(/not valid UTF-8/);
    await put('Tags.xml', Buffer.from('\ufeff<tags></tags>', 'utf16le'));
    expect((await problem()).reason).toMatch(/not valid UTF-8/);
  });

  it('refuses an empty file', async () => {
    await put('Tags.xml', '');
    expect(await problem()).toMatchObject({
      place: { file: 'Tags.xml' },
      reason: expect.stringMatching(/root element/) as string,
    });
  });

  it('refuses a gzip file that is cut short or damaged', async () => {
    const whole = gzipSync(await readFile(join(folder, 'Votes.xml')));
    await rm(join(folder, 'Votes.xml'));
    await put('Votes.xml.gz', whole.subarray(0, whole.length - 20));
    expect(await problem()).toMatchObject({
      place: { file: 'Votes.xml.gz' },
      reason: expect.stringMatching(/cut short/) as string,
    });
    const damaged = Buffer.from(whole);
    damaged.fill(0x55, 100, 140);
    await put('Votes.xml.gz', damaged);
    expect((await problem()).place.file).toBe('Votes.xml.gz');
  });

  it('refuses a folder without the tables, and says how to unpack an archive', async () => {
    await rm(join(folder, 'Posts.xml'));
    await rm(join(folder, 'Votes.xml'));
    await put('site.7z', '7z');
    expect((await problem()).reason).toMatch(/Posts\.xml, Votes\.xml .*missing.*Unpack site\.7z/);
  });

  it('refuses to choose between two files of a table', async () => {
    await put('tags.xml.gz', gzipSync('<tags></tags>'));
    expect((await problem()).reason).toMatch(/only one of them/);
  });

  it('refuses a folder that is not there, is a file, or holds no post', async () => {
    await writeDump(folder, {});
    expect((await problem()).reason).toMatch(/no post/);
    await expect(checkDump(join(folder, 'nowhere'), () => undefined)).rejects.toThrow(
      /no such folder/,
    );
    await expect(checkDump(join(folder, 'Posts.xml'), () => undefined)).rejects.toThrow(
      /is a file/,
    );
  });
});
