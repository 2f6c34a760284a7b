import { createServer } from 'node:net';
import { once } from 'node:events';

/** One process of the platform scaled out. */
export interface ServicePlan {
  readonly name: string;
  readonly app: string;
  /** `dist/server.js` or `dist/worker.js`, and its arguments. */
  readonly command: readonly string[];
  readonly port: number;
}

const subgraphs = ['identity', 'content', 'payments', 'reputation'] as const;

const workers = [
  { app: 'identity' },
  { app: 'content' },
  { app: 'payments' },
  { app: 'reputation', group: 'incentives' },
  { app: 'reputation', group: 'engagement' },
] as const;

/** Every deployable once. With `firstPort` 0 each gets a free port, else they follow it: the gateway is first. */
export const planServices = async (firstPort: number): Promise<readonly ServicePlan[]> => {
  const plans: Omit<ServicePlan, 'port'>[] = [
    { name: 'gateway', app: 'gateway', command: ['dist/server.js'] },
    ...subgraphs.map((app) => ({ name: app, app, command: ['dist/server.js'] })),
    ...workers.map((worker) =>
      'group' in worker
        ? {
            name: `${worker.app}-${worker.group}`,
            app: worker.app,
            command: ['dist/worker.js', worker.group],
          }
        : { name: `${worker.app}-worker`, app: worker.app, command: ['dist/worker.js'] },
    ),
  ];
  const ports =
    firstPort === 0 ? await freePorts(plans.length) : plans.map((_, n) => firstPort + n);
  return plans.map((plan, n) => ({ ...plan, port: ports[n] ?? 0 }));
};

/** Different ones, because all are held before any is given up. */
export const freePorts = async (count: number): Promise<number[]> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP port');
    return address.port;
  });
  await Promise.all(
    servers.map((server) => {
      server.close();
      return once(server, 'close');
    }),
  );
  return ports;
};

export interface ServiceSurroundings {
  readonly databaseUrls: Readonly<Record<string, string>>;
  readonly redisUrl?: string | undefined;
  readonly gatewaySecret: string;
  /** JSON, as identity's `env.ts` reads it. */
  readonly signingKeys: string;
  readonly host: string;
  /** Where the keys are that verify tokens; identity's own by default. */
  readonly jwksUrl?: string;
  /** `SMTP_URL` and the like, as far as they are set. */
  readonly mail?: Readonly<Record<string, string>>;
  /** `PAYMENT_PROVIDERS` and what those need, as far as they are set. */
  readonly providers?: Readonly<Record<string, string>>;
}

/** The environment of one of them: only what it needs, as an operator would set it. */
export const serviceEnv = (
  plan: ServicePlan,
  plans: readonly ServicePlan[],
  around: ServiceSurroundings,
): Record<string, string> => {
  const baseOf = (app: string): string => {
    const server = plans.find(({ name }) => name === app);
    return `http://127.0.0.1:${String(server?.port)}`;
  };
  const database = around.databaseUrls[plan.app];
  const queue = around.databaseUrls['queue'];
  return {
    PORT: String(plan.port),
    HOST: plan.name === 'gateway' ? around.host : '127.0.0.1',
    GATEWAY_SECRET: around.gatewaySecret,
    JWKS_URL: around.jwksUrl ?? `${baseOf('identity')}/.well-known/jwks.json`,
    ...Object.fromEntries(
      subgraphs.map((name) => [`${name.toUpperCase()}_URL`, `${baseOf(name)}/graphql`]),
    ),
    ...(database === undefined ? {} : { [`${plan.app.toUpperCase()}_DATABASE_URL`]: database }),
    ...(around.redisUrl === undefined ? {} : { REDIS_URL: around.redisUrl }),
    ...(around.redisUrl === undefined && queue !== undefined ? { QUEUE_DATABASE_URL: queue } : {}),
    ...(plan.name === 'identity' ? { IDENTITY_SIGNING_KEYS: around.signingKeys } : {}),
    ...(plan.app === 'identity' ? around.mail : {}),
    ...(plan.app === 'payments' ? around.providers : {}),
  };
};
