import type { Dump } from '../stackexchange/dump';
import type { Attributes } from '../stackexchange/xml-rows';

export interface Sources {
  readonly site: string;
  readonly posts: readonly Attributes[];
  readonly users: readonly Attributes[];
}

/** One line a question or answer: where it is, who wrote it, where they are, under which licence. */
export const attributionOf = ({ site, posts, users }: Sources): string => {
  const names = new Map(users.map((user) => [user['Id'], user['DisplayName'] ?? '']));
  const lines = posts
    .filter((post) => post['PostTypeId'] === '1' || post['PostTypeId'] === '2')
    .map((post) => {
      const kind = post['PostTypeId'] === '1' ? 'q' : 'a';
      const owner = post['OwnerUserId'];
      const author = names.get(owner) ?? post['OwnerDisplayName'] ?? '';
      return [
        `https://${site}/${kind}/${post['Id'] ?? ''}`,
        author.replace(/\s/g, ' '),
        owner === undefined ? '' : `https://${site}/users/${owner}`,
        post['ContentLicense'] ?? licenceAt(post['CreationDate'] ?? ''),
      ].join('\t');
    });
  return `post\tauthor\tauthor page\tlicence\n${lines.join('\n')}\n`;
};

/** https://stackoverflow.com/help/licensing */
const licenceAt = (createdAt: string): string => {
  if (createdAt < '2011-04-08') return 'CC BY-SA 2.5';
  return createdAt < '2018-05-02' ? 'CC BY-SA 3.0' : 'CC BY-SA 4.0';
};

export const demoReadme = (site: string, dump: Dump): string => `# Demo community: ${site}

The questions, answers and comments here were written by the people of **[${site}](https://${site}/)** up to
${dump.lastEventAt.slice(0, 10)}, and published by Stack Exchange, Inc. in its data dump.

**Licence: Creative Commons Attribution-ShareAlike**, in the version that the last column of \`attribution.tsv\` names:
[3.0](https://creativecommons.org/licenses/by-sa/3.0/) for what was written from 2011-04-08 to 2018-05-01,
[4.0](https://creativecommons.org/licenses/by-sa/4.0/) since then, [2.5](https://creativecommons.org/licenses/by-sa/2.5/) before.
It is not covered by the licence of the program around it. Whoever passes it on, or something made from it, does so
under the same licence and keeps these attributions.

**Attribution**: \`attribution.tsv\` links every question and answer on the site, with its author's name and page there.
A comment's author is in \`Comments.xml.gz\` (\`UserId\`, \`UserDisplayName\`); the page of person N is
\`https://${site}/users/N\`, that of question N \`https://${site}/q/N\`, of answer N \`https://${site}/a/N\`.

**Changes made**: the rows are those of the dump, in its format, with fewer attributes. What describes persons beyond
their authorship was removed (profile texts, places, web sites, pictures, ages, account numbers, last visits, IP
addresses, the texts of old revisions), and people who wrote nothing appear as \`user\` and their number.
No endorsement by Stack Exchange or by the authors is implied.

Made by \`npm run import -- demo FOLDER --site ${site} --to THIS_FOLDER\`.
`;
