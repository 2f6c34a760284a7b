import './node-version.mjs';
import module, { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare, root } from './prepare.mjs';
import { Complaint, fail, say } from './terminal.mjs';

const usage = `
Runs Lyceum on this machine: the whole platform in one process, with its own PostgreSQL.

  npm start -- [options]

  --port NUMBER    where it answers                       (4000)
  --host ADDRESS   0.0.0.0 to be reachable from outside   (127.0.0.1)
  --data-dir DIR   where its data is kept                 (.lyceum)
  --reset          deletes the data first
  --no-demo        starts without the demo community
  --help           this text
`;

const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  'data-dir': { type: 'string' },
  reset: { type: 'boolean' },
  'no-demo': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};

const main = async () => {
  const settings = readSettings();
  if (settings === null) return say(usage);
  // No source maps: reading them would cost a tenth of the start. NODE_OPTIONS=--enable-source-maps has them.
  module.enableCompileCache?.(); // from Node 22 on; half of a start is loading code
  process.env.NODE_ENV ??= 'production';
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  await prepare();
  const require = createRequire(import.meta.url);
  const { runStandalone } = require('@lyceum/standalone/app');
  // Loaded only when there is a demo to import.
  const importDemo = (deps) => require('@lyceum/import').importDemo(deps);
  await runStandalone({ ...settings, importDemo });
};

/** `null` when help was asked for. */
const readSettings = () => {
  const given = readArguments();
  if (given.help) return null;
  const port = Number(given.port ?? 4000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Complaint(`--port wants a number from 0 to 65535, not "${given.port}".`);
  }
  return {
    port,
    host: given.host ?? '127.0.0.1',
    dataDir: given['data-dir'] ? resolve(given['data-dir']) : join(root, '.lyceum'),
    reset: given.reset === true,
    demo: given['no-demo'] !== true,
  };
};

const readArguments = () => {
  const { values, positionals } = parse();
  const taken = takenByNpm();
  const withoutValue = Object.keys(taken).filter((name) => taken[name] === 'true');
  if (withoutValue.length === 1 && positionals.length === 1)
    taken[withoutValue[0]] = positionals[0];
  else if (withoutValue.length > 0) {
    throw new Complaint(
      'npm took the options for its own. Put -- before them: npm start -- --port 5000',
    );
  } else if (positionals.length > 0) {
    throw new Complaint(`Unexpected argument "${positionals[0]}".\n${usage}`);
  }
  return { ...taken, ...values };
};

const parse = () => {
  try {
    return parseArgs({ options, strict: true, allowPositionals: true });
  } catch (error) {
    const [reason] = error.message.split('. ');
    throw new Complaint(`${reason}.\n${usage}`);
  }
};

/** Without the `--` in `npm start -- --port 5000`, npm takes the options, and puts them here. */
const takenByNpm = () => {
  const {
    npm_config_port: port,
    npm_config_host: host,
    npm_config_data_dir: dataDir,
  } = process.env;
  return {
    ...(port && { port }),
    ...(host && { host }),
    ...(dataDir && { 'data-dir': dataDir }),
    ...(process.env.npm_config_reset === 'true' && { reset: true }),
    ...(process.env.npm_config_demo === '' && { 'no-demo': true }),
  };
};

main().catch(fail);
