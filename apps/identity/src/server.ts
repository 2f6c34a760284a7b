import { createRedisRateLimiter, runServer } from '@lyceum/platform';
import { createApp, database, workerGroups } from './app';
import { readEnv } from './env';

const { IDENTITY_SIGNING_KEYS: signingKeys, REDIS_URL } = readEnv();

void runServer({
  name: 'identity',
  database,
  workerGroups,
  createApp: (deps) =>
    createApp(deps, {
      signingKeys,
      ...(REDIS_URL === undefined ? {} : { limiter: createRedisRateLimiter(REDIS_URL, deps.log) }),
    }),
});
