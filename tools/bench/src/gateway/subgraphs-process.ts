import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { execute, parse } from 'graphql';
import { serveAsChild } from './child-process';
import { rootValue, schemaOf, sdls } from './shop';

/** Subgraphs that have thought about every answer before: the same request gets the same bytes. */
let calls = 0;

const listen = async (name: string): Promise<number> => {
  const schema = schemaOf(name);
  const answers = new Map<string, Promise<Buffer>>();
  const answer = async (text: string): Promise<Buffer> => {
    const { query, variables } = JSON.parse(text) as {
      query: string;
      variables?: Record<string, unknown>;
    };
    const result = await execute({
      schema,
      document: parse(query),
      variableValues: variables ?? {},
      rootValue,
    });
    return Buffer.from(JSON.stringify(result));
  };
  const server = createServer((request, response) => {
    void read(request).then(async (text) => {
      calls += 1;
      let known = answers.get(text);
      if (known === undefined) answers.set(text, (known = answer(text)));
      const body = await known;
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': body.length,
      });
      response.end(body);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port; // a TCP server
};

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

serveAsChild(async () => ({
  ports: await Promise.all(Object.keys(sdls).map(listen)),
  count: () => calls,
}));
