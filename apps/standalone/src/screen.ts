import { relative } from 'node:path';
import { demoAccounts, demoPassword } from '@lyceum/identity/app';
import { filesOf } from './data-directory';
import { readDemo } from './demo';
import type { Standalone } from './start-standalone';

/** What `npm start` ends with: where everything is, who one can be, and what to try first. */
export const screen = async (
  { url, subgraphUrls }: Pick<Standalone, 'url'> & Partial<Pick<Standalone, 'subgraphUrls'>>,
  { dataDir }: { dataDir: string },
): Promise<string> => {
  const demo = await readDemo(dataDir);
  const slug = demo?.state === 'done' ? demo.slug : undefined;
  const logs = shortPath(filesOf(dataDir).logs);
  return [
    '',
    '  Lyceum is running.',
    '',
    `  GraphQL    ${url}/graphql      POST, WebSocket (graphql-ws) and SSE`,
    `  GraphiQL   ${url}/graphql      the same address, in a browser`,
    `  Health     ${url}/health/ready`,
    `  Metrics    ${url}/metrics`,
    ...mailLine(subgraphUrls?.['identity']),
    `  Logs       ${logs}`,
    ...(slug === undefined ? [] : accountLines()),
    '',
    '  Paste this into GraphiQL:',
    '',
    ...(slug === undefined ? emptyQuery : demoQuery(slug)).map((line) => `    ${line}`),
    '',
    '  Ctrl-C stops it.',
    '',
  ].join('\n');
};

/** Without an SMTP server, mail is read on a page of this machine. */
const mailLine = (identityUrl: string | undefined): string[] =>
  identityUrl === undefined || process.env['SMTP_URL'] !== undefined
    ? []
    : [`  Mail       ${identityUrl}/mail      what would have been sent`];

const accountLines = (): string[] => [
  '',
  `  Demo accounts, all with the password  ${demoPassword}`,
  ...demoAccounts.map(({ handle, role }) => `    ${handle.padEnd(16)} ${role.toLowerCase()}`),
];

const demoQuery = (slug: string): string[] => [
  '{',
  `  community(slug: "${slug}") {`,
  '    name memberCount',
  '    questions(first: 3, orderBy: HOT) {',
  '      edges { node { title score answerCount author { handle points rank } } }',
  '    }',
  '    leaderboard(window: ALL_TIME, first: 3) { edges { node { rank points member { handle } } } }',
  '  }',
  '}',
];

const emptyQuery = ['{ communities(first: 5) { edges { node { slug name memberCount } } } }'];

/** Relative where that is shorter to read. */
const shortPath = (path: string): string => {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
};
