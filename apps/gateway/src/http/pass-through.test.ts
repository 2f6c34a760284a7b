import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLog } from '@lyceum/platform';
import type { FastifyInstance } from 'fastify';
import { settingsOf } from '../options';
import { createHttpServer } from './server';
import { registerPassThrough, type PassThrough } from './pass-through';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

describe('what is handed on to a subgraph as it is', () => {
  const seen: Seen[] = [];
  let subgraph: Server;
  let server: FastifyInstance;
  let passThrough: PassThrough;
  let url = '';
  beforeAll(async () => {
    subgraph = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, headers } = request;
        seen.push({ method, url: request.url, headers, body: Buffer.concat(chunks) });
        response.writeHead(303, {
          location: '/pay/x',
          'content-type': 'text/html',
          'x-lyceum-secret': '1',
        });
        response.end('moved');
      });
    });
    await new Promise<void>((resolve) => subgraph.listen(0, '127.0.0.1', resolve));
    const port = (subgraph.address() as AddressInfo).port; // a TCP server
    const settings = settingsOf({
      subgraphs: [{ name: 'payments', url: `http://127.0.0.1:${String(port)}/graphql` }],
      supergraphSdl: '',
      gatewaySecret: 's'.repeat(32),
      verifyToken: () => Promise.reject(new Error('no token is looked at')),
      log: silentLog(),
      deadlines: { connectMs: 500, fetchMs: 2_000 },
    });
    server = createHttpServer(settings);
    passThrough = registerPassThrough(server, settings);
    url = await server.listen({ host: '127.0.0.1', port: 0 });
  });
  beforeEach(() => seen.splice(0));
  afterAll(async () => {
    await server.close();
    await passThrough.close();
    subgraph.close();
  });

  it('keeps the body byte for byte, the query, and the headers that are not the gateway’s own', async () => {
    const body = Buffer.from([0x7b, 0x20, 0xff, 0x00, 0x7d]);
    const answer = await fetch(`${url}/webhooks/stripe?a=%20b`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'stripe-signature': 't=1,v1=x',
        'x-lyceum-gateway': 't=1,v1=forged',
        'x-lyceum-client': '1.2.3.4',
      },
      body,
      redirect: 'manual',
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/pay/x');
    expect(answer.headers.get('x-lyceum-secret')).toBeNull();
    expect(await answer.text()).toBe('moved');
    expect(seen).toMatchObject([{ method: 'POST', url: '/webhooks/stripe?a=%20b' }]);
    expect(seen[0]?.body.equals(body)).toBe(true);
    expect(seen[0]?.headers).toMatchObject({
      'stripe-signature': 't=1,v1=x',
      'content-type': 'application/json',
    });
    expect(
      Object.keys(seen[0]?.headers ?? {}).filter((name) => name.startsWith('x-lyceum')),
    ).toEqual([]);
  });

  it('takes forms and pages, and nothing else', async () => {
    await fetch(`${url}/pay/sandbox/1`, { redirect: 'manual' });
    await fetch(`${url}/pay/sandbox/1`, {
      method: 'POST',
      body: new URLSearchParams({ choice: 'success' }),
      redirect: 'manual',
    });
    expect(seen.map(({ method, body }) => [method, body.toString()])).toEqual([
      ['GET', ''],
      ['POST', 'choice=success'],
    ]);
    expect((await fetch(`${url}/webhooks/x`)).status).toBe(404);
    expect((await fetch(`${url}/pay/x`, { method: 'DELETE' })).status).toBe(404);
    expect((await fetch(`${url}/other`, { method: 'POST' })).status).toBe(404);
  });

  it('answers 413 to a body beyond the limit, and 503 when the subgraph is away', async () => {
    const large = await fetch(`${url}/webhooks/x`, { method: 'POST', body: 'x'.repeat(2_000_000) });
    expect(large.status).toBe(413);
    subgraph.closeAllConnections();
    await new Promise((resolve) => subgraph.close(resolve));
    const answer = await fetch(`${url}/webhooks/x`, { method: 'POST', body: '{}' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  });
});

it('hands a download on while it is still being written', async () => {
  let goOn: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (goOn = resolve));
  const subgraph = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/csv' });
    response.write('first');
    void released.then(() => response.end('second'));
  });
  await new Promise<void>((resolve) => subgraph.listen(0, '127.0.0.1', resolve));
  const port = (subgraph.address() as AddressInfo).port; // a TCP server
  const settings = settingsOf({
    subgraphs: [{ name: 'reputation', url: `http://127.0.0.1:${String(port)}/graphql` }],
    supergraphSdl: '',
    gatewaySecret: 's'.repeat(32),
    verifyToken: () => Promise.reject(new Error('no token is looked at')),
    log: silentLog(),
    deadlines: { connectMs: 500, fetchMs: 2_000 },
  });
  const server = createHttpServer(settings);
  const passThrough = registerPassThrough(server, settings);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });

  const answer = await fetch(`${url}/files/metrics/secret`);
  const reader = answer.body?.getReader();
  const first = await reader?.read();
  goOn();
  const second = await reader?.read();

  expect(answer.headers.get('content-type')).toBe('text/csv');
  expect(Buffer.from(first?.value ?? []).toString()).toBe('first');
  expect(Buffer.from(second?.value ?? []).toString()).toBe('second');
  await reader?.cancel();
  await server.close();
  await passThrough.close();
  subgraph.close();
});
