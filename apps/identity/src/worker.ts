import { runWorker } from '@lyceum/platform';
import { createApp, database, workerGroups } from './app';
import { readAccountEnv } from './env';

const account = readAccountEnv();

void runWorker({
  name: 'identity',
  database,
  workerGroups,
  createApp: (deps) => createApp(deps, { ...account, signingKeys: [] }), // signs nothing: it answers no requests
});
