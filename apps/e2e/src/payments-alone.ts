import { createServer } from 'node:http';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKey, publicKeys } from '@lyceum/identity/app';
import {
  gatewaySignatureHeader,
  openDatabase,
  signGatewayRequest,
  tokenAudience,
  tokenIssuer,
} from '@lyceum/platform';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@lyceum/platform/embedded-postgres';
import { startServices, type RunningServices } from '@lyceum/standalone/app';
import { waitFor } from '@lyceum/testing';
import { importJWK, SignJWT } from 'jose';
import type { DataSource } from 'typeorm';

const gatewaySecret = 'a secret that only the gateway of this test knows';

/** Payments' server and worker as they are deployed, on a durable PostgreSQL of their own: all of it may be killed. */
export interface PaymentsAlone {
  readonly services: RunningServices;
  /** The database, as an operator sees it. */
  readonly db: DataSource;
  /** What the processes said, for a test that fails. */
  readonly said: readonly string[];
  /** Asks as the gateway does for this account, once; throws when there is no whole answer. */
  ask(accountId: string, query: string, variables: object): Promise<string>;
  /** A plain request, once; throws when there is no answer, or one that says to try again. */
  post(path: string, body: string | URLSearchParams, headers?: object): Promise<number>;
  killPostgres(): Promise<void>;
  stop(): Promise<void>;
}

export const startPaymentsAlone = async (): Promise<PaymentsAlone> => {
  const directory = mkdtempSync(join(tmpdir(), 'lyceum-kill-'));
  chmodSync(directory, 0o755); // or root's server, which is another user's process, could not enter it
  const postgres = await startEmbeddedPostgres({ dataDir: join(directory, 'postgres') });
  for (const name of ['payments', 'queue']) await postgres.ensureDatabase(name);
  const issuer = await startIssuer();
  const said: string[] = [];
  const services = await startServices({
    port: 0,
    host: '127.0.0.1',
    only: ['payments', 'payments-worker'],
    databaseUrls: { payments: postgres.url('payments'), queue: postgres.url('queue') },
    gatewaySecret,
    signingKeys: '',
    jwksUrl: issuer.jwksUrl,
    onLine: (service, line) => void said.push(`${service} ${line}`),
  });
  const db = await openDatabase({
    url: postgres.url('payments'),
    entities: [],
    migrations: [],
    poolSize: 4,
  });
  return {
    services,
    db,
    said,
    ...clientOf(services.urls.get('payments') ?? '', issuer),
    killPostgres: () => killPostgres(postgres, db),
    stop: async () => {
      await db.destroy();
      await services.stop();
      await postgres.stop();
      issuer.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

/** Identity's part: publishes a key, and signs tokens with it for anybody. */
const startIssuer = async () => {
  const key = await generateSigningKey();
  const imported = await importJWK(key, 'EdDSA');
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(publicKeys([key])));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    jwksUrl: `http://127.0.0.1:${String(port)}/.well-known/jwks.json`,
    tokenOf: (accountId: string): Promise<string> =>
      new SignJWT({ sid: '00000000-0000-7000-8000-000000000000', scope: '*' })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid })
        .setSubject(accountId)
        .setIssuer(tokenIssuer)
        .setAudience(tokenAudience)
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(imported),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

const patienceMs = 10_000;

const clientOf = (
  url: string,
  { tokenOf }: { tokenOf(accountId: string): Promise<string> },
): Pick<PaymentsAlone, 'ask' | 'post'> => ({
  ask: async (accountId, query, variables) => {
    const body = JSON.stringify({ query, variables });
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await tokenOf(accountId)}`,
        [gatewaySignatureHeader]: signGatewayRequest(gatewaySecret, body, Date.now()),
      },
      body,
      signal: AbortSignal.timeout(patienceMs),
    });
    const text = await answer.text();
    if (!answer.ok || 'errors' in (JSON.parse(text) as object)) throw new Error(text);
    return text;
  },
  post: async (path, body, headers = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      body,
      headers: { ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    });
    await answer.arrayBuffer();
    if (answer.status >= 500) throw new Error(`${path} answered ${String(answer.status)}`);
    return answer.status;
  },
});

/** Ends the server as a crash would; it is started again by whoever watches over it. */
const killPostgres = async (postgres: EmbeddedPostgres, db: DataSource): Promise<void> => {
  const { pid } = postgres;
  process.kill(pid, 'SIGKILL');
  await waitFor(() => postgres.pid !== pid, { timeoutMs: 30_000 });
  await waitFor(() => isUp(db), { timeoutMs: 30_000 });
};

const isUp = (db: DataSource): Promise<boolean> =>
  db.query('SELECT 1').then(
    () => true,
    () => false,
  );
