import './node-version.mjs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare, root } from './prepare.mjs';
import { Complaint, fail, say } from './terminal.mjs';

const usage = `
Runs Lyceum scaled out on this machine: a process for each service, configured by environment variables.

  npm run start:services -- [options]

  --port NUMBER    where the gateway answers; the others follow it   (4000)
  --host ADDRESS   0.0.0.0 to be reachable from outside              (127.0.0.1)
  --help           this text

IDENTITY_DATABASE_URL, CONTENT_DATABASE_URL, PAYMENTS_DATABASE_URL and REPUTATION_DATABASE_URL name the databases;
without them an embedded PostgreSQL is used. REDIS_URL names the Redis; without it a redis-server from the PATH
is started, and without that the queues are in PostgreSQL.
`;

const main = async () => {
  const given = parse();
  if (given.help) return say(usage);
  const port = Number(given.port ?? process.env.PORT ?? 4000);
  if (!Number.isInteger(port) || port < 0 || port > 65_000) {
    throw new Complaint(`--port wants a number from 0 to 65000, not "${given.port}".`);
  }
  await prepare();
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  const { runServices } = createRequire(import.meta.url)('@lyceum/standalone/app');
  await runServices({ port, host: given.host ?? '127.0.0.1', dataDir: join(root, '.lyceum') });
};

const parse = () => {
  try {
    const options = {
      port: { type: 'string' },
      host: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    };
    return parseArgs({ options, strict: true }).values;
  } catch (error) {
    throw new Complaint(`${error.message.split('. ')[0]}.\n${usage}`);
  }
};

main().catch(fail);
