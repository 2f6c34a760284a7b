import 'reflect-metadata';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Complaint, openInstallation, type Installation } from '@lyceum/checks';
import { replayAll } from '@lyceum/reputation/app';
import { consumingApps, replayDeadLettersOf } from './dead-letters';

const usage = `
Makes what follows from events anew.

  npm run replay -- points         all points, ranks and metrics from the activity log, from zero
  npm run replay -- dead-letters   events that no consumer could take, after the fix

  --data-dir DIR   the installation to work on      (.lyceum)
  --help           this text

With *_DATABASE_URL in the environment it works on those databases. It may run while the platform does.
`;

const root = resolve(__dirname, '../../..');

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'data-dir': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const replay = replays[positionals[0] ?? ''];
  if (values.help || replay === undefined) {
    process.stdout.write(usage);
    return values.help ? 0 : 1;
  }
  const dataDir = values['data-dir'];
  const installation = await openInstallation({
    dataDir: dataDir === undefined ? undefined : resolve(process.env['INIT_CWD'] ?? '.', dataDir),
    defaultDataDir: join(root, '.lyceum'),
  });
  try {
    return await replay(installation);
  } finally {
    await installation.close();
  }
};

const replayPoints = async ({ databases }: Installation): Promise<number> => {
  const startedAt = performance.now();
  const communities = await replayAll(databases.reputation.manager);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(
    `${String(communities.length)} communities computed anew in ${seconds} s.\n`,
  );
  return 0;
};

const replayLetters = async ({ urls }: Installation): Promise<number> => {
  let left = 0;
  for (const app of consumingApps) {
    const { replayed, failed } = await replayDeadLettersOf(app, urls[app.name] ?? '');
    process.stdout.write(
      `${app.name}: ${String(replayed)} replayed, ${String(failed)} failed again\n`,
    );
    left += failed;
  }
  return left === 0 ? 0 : 1;
};

const replays: Readonly<Record<string, (installation: Installation) => Promise<number>>> = {
  points: replayPoints,
  'dead-letters': replayLetters,
};

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isTold =
      error instanceof Complaint ||
      (error instanceof Error && error.constructor.name === 'Complaint');
    const text = isTold ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`\n${text ?? ''}\n`);
    process.exit(1);
  },
);
