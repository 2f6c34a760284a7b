import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import * as identity from '@lyceum/identity/app';
import {
  createSubgraphServer,
  createTokenVerifier,
  openDeps,
  silentLog,
  signGatewayRequest,
  type Deps,
} from '@lyceum/platform';
import type { EmbeddedPostgres } from '@lyceum/platform/embedded-postgres';
import { Pool } from 'undici';
import { absolute, compared, median, quantile, stretch, type Figure } from '../figures';

const gatewaySecret = 'b'.repeat(32);
const password = 'drapes-on-the-moon';
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const accounts = 4_000;
const loginsARound = 240;
const timedPairs = 400;

/**
 * Log-ins at identity's server beside the bare hash function with the same cost, round by round; how long others wait
 * while log-ins flood; and whether the time of a refusal tells who has an account.
 */
export const runLoginBench = async (
  postgres: EmbeddedPostgres,
  { rounds }: { rounds: number },
): Promise<readonly Figure[]> => {
  await postgres.ensureDatabase('login');
  const signingKeys = [await identity.generateSigningKey()];
  const subgraph = {
    ...identity,
    name: 'identity',
    createApp: (deps: Deps) => identity.createApp(deps, { signingKeys, secret: gatewaySecret }),
  };
  const { deps, close } = await openDeps(subgraph, {
    databaseUrl: postgres.url('login'),
    subgraphUrls: {},
    gatewaySecret,
    log: silentLog(),
  });
  const server = await createSubgraphServer({
    deps,
    schema: subgraph.createApp(deps).schema,
    verifyToken: createTokenVerifier({ keys: identity.publicKeys(signingKeys) }),
    gatewaySecret,
  });
  const client = new Pool(await server.listen({ host: '127.0.0.1', port: 0 }), { connections: 32 });
  try {
    const passwordHash = await hash(password, cost);
    await makeAccounts(deps, passwordHash);
    return await measure({ client, passwordHash }, rounds);
  } finally {
    await client.close();
    await server.close();
    await close();
  }
};

const makeAccounts = (deps: Deps, passwordHash: string): Promise<unknown> =>
  deps.dataSource.query(
    `INSERT INTO account (id, handle, display_name, password_hash, created_at)
     SELECT gen_random_uuid(), 'person-' || n, 'Person', $1, now() FROM generate_series(1, $2::int) AS n`,
    [passwordHash, accounts],
  );

interface Bench {
  readonly client: Pool;
  readonly passwordHash: string;
}

const measure = async (bench: Bench, rounds: number): Promise<readonly Figure[]> => {
  let next = 0;
  const person = (): string => `person-${String((next += 1) % accounts)}`;
  const login = () => ask(bench.client, loginText, loginOf(person(), password));
  await atOnce(loginsARound, login); // warm

  const rates: { ours: number; peer: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const ours = await atOnce(loginsARound, login);
    const peer = await atOnce(loginsARound, () => verify(bench.passwordHash, password));
    rates.push({ ours, peer });
  }
  const { idle, flooded } = await waitingOthers(bench, login);
  const difference = await timeOfRefusals(bench, person);
  return [
    stretch(compared({ name: 'log-ins ÷ bare argon2id', unit: 'log-ins/s', atLeast: 0.85 }, rates)),
    stretch(
      absolute({ name: 'p99 of reads while log-ins flood ÷ without', unit: '×', atMost: 2 }, [
        flooded / idle,
      ]),
    ),
    absolute({ name: 'refusals, |known − unknown| of medians', unit: 'ms', atMost: 1 }, [
      difference,
    ]),
  ];
};

/** More than are hashed at once: others wait for the database or their turn meanwhile. */
const concurrency = 8 * availableParallelism();

/** How many a second, with a few under way at a time. */
const atOnce = async (count: number, work: () => Promise<unknown>): Promise<number> => {
  let left = count;
  const startedAt = performance.now();
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return count / ((performance.now() - startedAt) / 1_000);
};

const readText = '{ communities(first: 5) { edges { node { id name memberCount } } } }';

/** The 99th percentile of small reads, without log-ins and beside as many as the server takes. */
const waitingOthers = async (
  { client }: Bench,
  login: () => Promise<unknown>,
): Promise<{ idle: number; flooded: number }> => {
  const read = () => timed(() => ask(client, readText, {}));
  const reads = async (): Promise<number> => {
    const times: number[] = [];
    for (let n = 0; n < 400; n += 1) times.push(await read());
    return quantile(times, 0.99);
  };
  await reads(); // warm
  const idle = await reads();
  let isOver = false;
  const flood = Array.from({ length: concurrency }, async () => {
    while (!isOver) await login();
  });
  const flooded = await reads();
  isOver = true;
  await Promise.all(flood);
  return { idle, flooded };
};

/** Known and unknown names in turns, so that both have the same machine. */
const timeOfRefusals = async ({ client }: Bench, person: () => string): Promise<number> => {
  const known: number[] = [];
  const unknown: number[] = [];
  const refuse = (name: string) =>
    timed(() => ask(client, loginText, loginOf(name, 'not-this-one-either')));
  for (let n = 0; n < timedPairs; n += 1) {
    known.push(await refuse(person()));
    unknown.push(await refuse(`nobody-${String(n)}`));
  }
  return Math.abs(median(known) - median(unknown));
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

const loginText = `mutation ($input: LoginInput!) { login(input: $input) {
  ... on AuthPayload { accessToken refreshToken } ... on UserError { code } } }`;

const loginOf = (handleOrEmail: string, secret: string): object => ({
  input: { handleOrEmail, password: secret },
});

const ask = async (client: Pool, query: string, variables: object): Promise<void> => {
  const body = JSON.stringify({ query, variables });
  const response = await client.request({
    method: 'POST',
    path: '/graphql',
    headers: {
      'content-type': 'application/json',
      'x-lyceum-gateway': signGatewayRequest(gatewaySecret, body, Date.now()),
    },
    body,
  });
  const { errors } = (await response.body.json()) as { errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
};
