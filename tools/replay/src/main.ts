import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { databaseNames, type DatabaseName } from '@lyceum/checks';
import { replayAll, type ReplayProgress } from '@lyceum/reputation/app';
import {
  openInstallation,
  toldOf,
  type Installation as InstallationOf,
} from '@lyceum/standalone/installation';
import { consumingApps, replayDeadLettersOf } from './dead-letters';

type Installation = InstallationOf<DatabaseName>;

const usage = `
Makes what follows from events anew.

  npm run replay -- points         all points, ranks and metrics from the activity log, from zero
  npm run replay -- dead-letters   events that no consumer could take, after the fix

  --data-dir DIR   the installation to work on      (.lyceum)
  --continue       with points: goes on where one stopped that did not come to its end
  --help           this text

With *_DATABASE_URL in the environment it works on those databases. It may run while the platform does.
`;

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'data-dir': { type: 'string' },
      continue: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const replay = replays[positionals[0] ?? ''];
  if (values.help || replay === undefined) {
    process.stdout.write(usage);
    return values.help ? 0 : 1;
  }
  const installation = await openInstallation({
    databases: databaseNames,
    dataDir: values['data-dir'],
    applicationName: 'lyceum-replay',
    poolSize: 1,
  });
  try {
    return await replay(installation, { goesOn: values.continue });
  } finally {
    await installation.close();
  }
};

interface Options {
  readonly goesOn: boolean;
}

const replayPoints = async ({ databases }: Installation, { goesOn }: Options): Promise<number> => {
  const startedAt = performance.now();
  let done = 0;
  const communities = await replayAll(databases.reputation.manager, undefined, {
    goesOn,
    progress: (now) => {
      done += now.added;
      process.stdout.write(bar(now));
    },
  });
  const seconds = (performance.now() - startedAt) / 1000;
  process.stdout.write(
    `\n${String(communities.length)} communities computed anew in ${seconds.toFixed(1)} s, ${Math.round(done / seconds).toLocaleString('en')} things a second.\n`,
  );
  return 0;
};

const barWidth = 30;

const bar = ({ communityId, done, total }: ReplayProgress): string => {
  const share = total === 0 ? 1 : done / total;
  const filled = Math.round(barWidth * share);
  return `\r${communityId} [${'#'.repeat(filled).padEnd(barWidth, '.')}] ${(100 * share).toFixed(0)} %`;
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

const replays: Readonly<
  Record<string, (installation: Installation, options: Options) => Promise<number>>
> = {
  points: replayPoints,
  'dead-letters': replayLetters,
};

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`\n${toldOf(error)}\n`);
    process.exit(1);
  },
);
