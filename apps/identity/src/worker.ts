import { runWorker } from '@lyceum/platform';
import { createApp, database, workerGroups } from './app';

void runWorker({
  name: 'identity',
  database,
  workerGroups,
  createApp: (deps) => createApp(deps, { signingKeys: [] }), // signs nothing: it answers no requests
});
