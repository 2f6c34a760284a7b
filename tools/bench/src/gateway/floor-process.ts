import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { serveAsChild } from './child-process';

export interface FloorInput {
  readonly target: string;
  /** The bodies of the calls that a gateway makes for one request. */
  readonly calls: readonly string[];
  readonly answer: string;
}

/** What no gateway can beat: the same calls to the subgraphs, all at once, and an answer known before. */
serveAsChild(async ({ target, calls, answer }: FloorInput) => {
  const pool = new Pool(target, { connections: 64 });
  const call = async (body: string): Promise<string> => {
    const response = await pool.request({
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return response.body.text();
  };
  const body = Buffer.from(answer);
  const server = createServer((request, response) => {
    request.resume();
    void Promise.all(calls.map(call)).then(() => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': body.length,
      });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { ports: [(server.address() as AddressInfo).port] };
});
