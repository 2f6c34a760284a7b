import { createRedisRateLimiter, runServer } from '@lyceum/platform';
import { createApp, database, workerGroups } from './app';
import { readAccountEnv, readEnv } from './env';

const {
  IDENTITY_SIGNING_KEYS: signingKeys,
  LOGIN_PROVIDERS: loginProviders,
  REDIS_URL,
} = readEnv();
const account = readAccountEnv();

void runServer({
  name: 'identity',
  database,
  workerGroups,
  createApp: (deps) =>
    createApp(deps, {
      ...account,
      signingKeys,
      loginProviders,
      ...(REDIS_URL === undefined ? {} : { limiter: createRedisRateLimiter(REDIS_URL, deps.log) }),
    }),
});
