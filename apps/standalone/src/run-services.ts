import { join } from 'node:path';
import { createLog } from '@lyceum/platform';
import { Complaint } from './complaint';
import { openDataDirectory } from './data-directory';
import { startDatabases } from './databases';
import { hasRedisServer, startLocalRedis } from './local-redis';
import { openSecrets } from './secrets';
import { startServices, type RunningServices } from './start-services';
import type { ServiceSurroundings } from './service-plan';
import { stopOnSignals } from './stop-on-signals';

export interface ServicesSettings {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The process behind `npm run start:services`: all services until one ends, or until it is told to stop. */
export const runServices = async (settings: ServicesSettings): Promise<void> => {
  await openDataDirectory(settings.dataDir);
  const stops: (() => Promise<unknown>)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  stopOnSignals(async () => {
    say('Stopping …');
    await stopAll();
  });
  const around = await surroundings(settings, (stop) => stops.push(stop));
  const services = await startServices({
    ...around,
    port: settings.port,
    onLine: (service, line) => say(`${service.padEnd(nameWidth)} | ${line}`),
    onEnd: (service, code) => {
      process.stderr.write(`${service} ended (${String(code)}): stopping the others.\n`);
      void stopAll().then(() => process.exit(1));
    },
  });
  stops.push(() => services.stop());
  say(table(services));
};

const nameWidth = 'reputation-incentives'.length;

const databaseNames = ['identity', 'content', 'payments', 'reputation'] as const;

/** What the environment gives, and what it does not give started here. */
const surroundings = async (
  { dataDir, host }: ServicesSettings,
  onStop: (stop: () => Promise<unknown>) => void,
): Promise<ServiceSurroundings> => {
  const { gatewaySecret, signingKeys } = await openSecrets(dataDir);
  const shared = { host, gatewaySecret: process.env['GATEWAY_SECRET'] ?? gatewaySecret };
  const keys = process.env['IDENTITY_SIGNING_KEYS'] ?? JSON.stringify(signingKeys);
  let databaseUrls = givenDatabases();
  if (databaseUrls === null) {
    const databases = await startDatabases(dataDir, createLog({ name: 'postgres', level: 'warn' }));
    onStop(() => databases.stop({ withinMs: 1_500 }));
    databaseUrls = databases.urls;
  }
  let redisUrl = process.env['REDIS_URL'];
  if (redisUrl === undefined && hasRedisServer()) {
    const redis = await startLocalRedis(join(dataDir, 'redis'));
    onStop(() => redis.stop());
    redisUrl = redis.url;
  }
  if (redisUrl === undefined) say('There is no Redis: the queues are in PostgreSQL.');
  return {
    ...shared,
    signingKeys: keys,
    databaseUrls,
    redisUrl,
    mail: givenMail(),
    providers: givenProviders(),
  };
};

const givenMail = (): Record<string, string> =>
  Object.fromEntries(
    ['SMTP_URL', 'MAIL_FROM', 'ACCOUNT_URL', 'IDENTITY_SECRET', 'LOGIN_PROVIDERS'].flatMap(
      (name) => {
        const value = process.env[name];
        return value === undefined ? [] : [[name, value]];
      },
    ),
  );

/** Whatever payments' `env.ts` reads. */
const givenProviders = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      /^(PAYMENT_PROVIDERS|PUBLIC_URL|(STRIPE|ALIPAY|WECHATPAY)_.+)$/.test(name) &&
      value !== undefined
        ? [[name, value]]
        : [],
    ),
  );

/** All or none, lest some services work on a database that others do not know. */
const givenDatabases = (): Record<string, string> | null => {
  const urls = databaseNames.map((name) => process.env[`${name.toUpperCase()}_DATABASE_URL`]);
  if (urls.every((url) => url === undefined)) return null;
  const missing = databaseNames.filter((_, n) => urls[n] === undefined);
  if (missing.length > 0) {
    const names = missing.map((name) => `${name.toUpperCase()}_DATABASE_URL`);
    throw new Complaint(`Give all databases or none. Missing: ${names.join(', ')}`);
  }
  const queue = process.env['QUEUE_DATABASE_URL'];
  const given = Object.fromEntries(databaseNames.map((name, n) => [name, urls[n] ?? '']));
  return { ...given, ...(queue === undefined ? {} : { queue }) };
};

const table = ({ urls, pidOf }: RunningServices): string =>
  [
    '',
    'All services are ready:',
    ...[...urls].map(
      ([name, url]) =>
        `  ${name.padEnd(nameWidth)}  ${url.padEnd(24)}  process ${String(pidOf(name))}`,
    ),
    '',
    `GraphQL  ${urls.get('gateway') ?? ''}/graphql`,
    'Ctrl-C stops them.',
    '',
  ].join('\n');
