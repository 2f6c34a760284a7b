import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { examples } from './examples';

/** Nothing is loaded from anywhere but here: GraphiQL's files come with the packages. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self' ws: wss:",
  "worker-src 'self' blob:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** Addresses are relative, so that the page also works under a proxy's path. */
const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Lyceum · GraphiQL</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="graphql/explorer.css" />
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
    <script src="graphql/workers.js"></script>
    <script src="graphql/explorer.js"></script>
    <script src="graphql/start.js"></script>
  </body>
</html>
`;

const workers = `const base = new URL('graphql/', location.href);
const files = { json: 'json.worker.js', graphql: 'graphql.worker.js' };
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_, label) => new URL(files[label] ?? 'editor.worker.js', base).href,
};
`;

const start = (): string => {
  const tabs = examples.map(({ query, variables }) => ({
    query,
    ...(variables && { variables: JSON.stringify(variables, null, 2) }),
  }));
  const options = { title: 'Lyceum', subscriptionsProtocol: 'WS', defaultTabs: tabs };
  return `YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), ${JSON.stringify(options)});\n`;
};

interface ExplorerFile {
  readonly type: string;
  readonly gzipped: Buffer;
  readonly plain: string;
  readonly etag: string;
}

export const sendExplorerPage = (reply: FastifyReply): FastifyReply =>
  reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', contentSecurityPolicy)
    .header('vary', 'accept')
    .send(page);

/** The files that the page names. They are read when the first visitor comes: programs never need them. */
export const registerExplorerFiles = (server: FastifyInstance): void => {
  let files: Promise<ReadonlyMap<string, ExplorerFile>> | undefined;
  server.get<{ Params: { file: string } }>('/graphql/:file', async (request, reply) => {
    const file = (await (files ??= readFiles())).get(request.params.file);
    if (file === undefined) {
      reply.callNotFound();
      return reply;
    }
    void reply
      .header('etag', file.etag)
      .header('cache-control', 'no-cache')
      .header('vary', 'accept-encoding');
    if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
    void reply.type(file.type);
    if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(file.plain);
    return reply.header('content-encoding', 'gzip').send(file.gzipped);
  });
};

const readFiles = async (): Promise<ReadonlyMap<string, ExplorerFile>> => {
  const { js, css, editorWorkerService, jsonWorker, graphqlWorker } =
    await import('@graphql-yoga/render-graphiql/graphiql');
  const script = 'text/javascript; charset=utf-8';
  const texts: readonly (readonly [name: string, type: string, text: string])[] = [
    ['explorer.js', script, js],
    ['explorer.css', 'text/css; charset=utf-8', css],
    ['editor.worker.js', script, editorWorkerService],
    ['json.worker.js', script, jsonWorker],
    ['graphql.worker.js', script, graphqlWorker],
    ['workers.js', script, workers],
    ['start.js', script, start()],
  ];
  const files = texts.map(
    async ([name, type, plain]) => [name, await fileOf(type, plain)] as const,
  );
  return new Map(await Promise.all(files));
};

const fileOf = async (type: string, plain: string): Promise<ExplorerFile> => ({
  type,
  plain,
  gzipped: await promisify(gzip)(plain),
  etag: `"${createHash('sha256').update(plain).digest('base64url')}"`,
});
