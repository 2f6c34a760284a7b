import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { destinationsOf, routes } from '@lyceum/contracts';
import { generateSigningKey } from '@lyceum/identity/app';
import { paymentsSettings, providerNeeds } from '@lyceum/payments/app';
import { parse } from 'yaml';
import { planServices, serviceEnv } from './service-plan';
import { subgraphsOf } from './subgraphs';

// compose.yaml, the chart and `start:services` name the same processes as the code does.

const docker = join(__dirname, '../../../docker');
const readYaml = (file: string): unknown =>
  parse(readFileSync(join(docker, file), 'utf8'), { merge: true });

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      { readonly image: string; readonly command?: readonly string[]; readonly environment: object }
    >
  >;
}
interface ChartValues {
  readonly subgraphs: object;
  readonly workers: Readonly<
    Record<
      string,
      {
        readonly app: string;
        readonly group?: string;
        readonly relays: string;
        readonly consumes: readonly { readonly destination: string; readonly from: string }[];
      }
    >
  >;
}

// The files' shape; a wrong one fails below.
const compose = readYaml('compose.yaml') as Compose;
const chart = readYaml('helm/lyceum/values.yaml') as ChartValues;

/** Every worker process there can be, as `app` or `app group`. */
const workersInCode = subgraphsOf({ gatewaySecret: '', signingKeys: [] }).flatMap(
  ({ name, workerGroups }) =>
    Object.entries(workerGroups).map(([group, settings]) => ({
      id: Object.keys(workerGroups).length === 1 ? name : `${name} ${group}`,
      app: name,
      ...settings,
    })),
);
const idsInCode = workersInCode.map(({ id }) => id).sort();

describe('the deployment has a process for every worker group', () => {
  it('in compose.yaml', () => {
    const workers = Object.values(compose.services)
      .filter(({ command }) => command?.[0] === 'dist/worker.js')
      .map(({ image, command }) =>
        [/lyceum-(\w+):/.exec(image)?.[1], ...(command ?? []).slice(1)].join(' '),
      );

    expect(workers.sort()).toEqual(idsInCode);
  });

  it('in the chart', () => {
    const workers = Object.values(chart.workers).map(({ app, group }) =>
      group === undefined ? app : `${app} ${group}`,
    );

    expect(workers.sort()).toEqual(idsInCode);
  });

  it('in start:services', async () => {
    const plans = (await planServices(4000)).filter(
      ({ command }) => command[0] === 'dist/worker.js',
    );

    expect(plans.map(({ app, command }) => [app, ...command.slice(1)].join(' ')).sort()).toEqual(
      idsInCode,
    );
  });
});

describe('the chart scales workers on the events they consume', () => {
  it.each(workersInCode)('$id', ({ id, app, isPrimary, destinations }) => {
    const worker = Object.values(chart.workers).find(
      (candidate) => [candidate.app, candidate.group].filter(Boolean).join(' ') === id,
    );

    expect([...new Set(worker?.consumes.map(({ destination }) => destination))]).toEqual(
      destinations,
    );
    expect(worker?.relays).toBe(isPrimary ? app : '');
  });

  it('and knows every destination', () => {
    const destinations = [
      ...new Set([...routes.keys()].flatMap((type) => [...destinationsOf(type)])),
    ];
    const known = Object.values(chart.workers).flatMap(({ consumes }) =>
      consumes.map(({ destination }) => destination),
    );

    expect([...new Set(known)].sort()).toEqual(destinations.sort());
  });
});

describe('environment variables', () => {
  it('of start:services name each other service by its own port', async () => {
    const plans = await planServices(0);
    const around = {
      databaseUrls: { content: 'postgres://content' },
      redisUrl: 'redis://x',
      gatewaySecret: 's',
      signingKeys: '[]',
      host: '0.0.0.0',
    };
    const envOf = (name: string) => {
      const plan = plans.find((candidate) => candidate.name === name);
      return plan === undefined ? {} : serviceEnv(plan, plans, around);
    };

    expect(new Set(plans.map(({ port }) => port)).size).toBe(plans.length);
    expect(envOf('gateway')['CONTENT_URL']).toBe(
      `http://127.0.0.1:${envOf('content')['PORT']}/graphql`,
    );
    expect(envOf('gateway')).not.toHaveProperty('CONTENT_DATABASE_URL');
    expect(envOf('content')).toMatchObject({
      CONTENT_DATABASE_URL: 'postgres://content',
      HOST: '127.0.0.1',
    });
    expect(envOf('content')).not.toHaveProperty('IDENTITY_SIGNING_KEYS');
  });

  it('of every way to pay are in compose.yaml, .env.example, the chart and the docs', () => {
    const read = (file: string): string => readFileSync(join(docker, file), 'utf8');
    const helpers = read('helm/lyceum/templates/_helpers.tpl');
    const [, keys = ''] =
      /define "lyceum.providerKeys" -}}\n([^]*?)\n\{\{- end/.exec(helpers) ?? [];
    const ofProviders = Object.entries(providerNeeds).map(
      ([provider, names]) => [provider, names.filter((name) => name !== 'PUBLIC_URL')] as const,
    );
    expect(parse(keys)).toEqual(Object.fromEntries(ofProviders));

    const settings = Object.keys(paymentsSettings.shape);
    const forTests = ['STRIPE_API_URL', 'WECHATPAY_API_URL'];
    const missing = (text: string): string[] =>
      settings.filter((name) => !forTests.includes(name) && !text.includes(name));
    expect(missing(read('compose.yaml'))).toEqual([]);
    expect(missing(read('.env.example'))).toEqual([]);
    expect(missing(helpers)).toEqual([]);
    expect(missing(read('../docs/operating.md'))).toEqual([]);
  });

  it('that compose.yaml asks for are all in .env.example and made by make-env.mjs', () => {
    const text = readFileSync(join(docker, 'compose.yaml'), 'utf8');
    const needed = [...new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name))];
    const made = execFileSync(process.execPath, [join(docker, 'make-env.mjs')], {
      encoding: 'utf8',
    });
    const example = readFileSync(join(docker, '.env.example'), 'utf8');

    expect(needed.length).toBeGreaterThan(3);
    for (const name of needed) {
      expect(made).toMatch(new RegExp(`^${name}=.{32,}$`, 'm'));
      expect(example).toMatch(new RegExp(`^${name}=$`, 'm'));
    }
  });

  it('give the signing keys to the server of identity alone', () => {
    const holders = Object.entries(compose.services)
      .filter(([, { environment }]) => 'IDENTITY_SIGNING_KEYS' in environment)
      .map(([name]) => name);

    expect(holders).toEqual(['identity']);
  });

  it('hold a signing key as identity makes them', async () => {
    const made = execFileSync(process.execPath, [join(docker, 'make-env.mjs')], {
      encoding: 'utf8',
    });
    const [key] = JSON.parse(/^IDENTITY_SIGNING_KEYS='(.*)'$/m.exec(made)?.[1] ?? '[]') as object[];

    expect(Object.keys(key ?? {}).sort()).toEqual(Object.keys(await generateSigningKey()).sort());
  });
});
