import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { gatewaySignatureHeader, isGatewaySignatureValid } from '@lyceum/platform';
import { execute, parse, validate, type GraphQLSchema } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/http';

type Resolvers = NonNullable<
  Extract<Parameters<typeof buildSubgraphSchema>[0], { typeDefs: unknown }>['resolvers']
>;

export interface StubDefinition {
  readonly name: string;
  readonly sdl: string;
  readonly resolvers: Resolvers;
}

export interface SeenCall {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly headers: IncomingMessage['headers'];
}

export const testSecret = 'a secret that only tests know, 32+';

/** A subgraph over real HTTP, that tests can slow down, break and look into. */
export class StubSubgraph {
  readonly calls: SeenCall[] = [];
  /** Milliseconds before each answer. */
  delayMs = 0;
  /** Answers this instead of executing. */
  answer: ((response: ServerResponse, call: SeenCall) => void) | undefined;
  openStreams = 0;
  streamsOpened = 0;
  readonly streamHeaders: IncomingMessage['headers'][] = [];
  private readonly schema: GraphQLSchema;
  private server: Server;
  private port = 0;

  constructor(readonly definition: StubDefinition) {
    this.schema = buildSubgraphSchema({
      typeDefs: parse(definition.sdl),
      resolvers: definition.resolvers, // one form of resolver map for both libraries
    });
    this.server = this.make();
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port; // a TCP server
    return this;
  }

  /** Like kill -9: every connection is cut. */
  async stop(): Promise<void> {
    const stopped = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await stopped;
  }

  /** Comes back at the same address. */
  async restart(): Promise<void> {
    this.server = this.make();
    await this.start();
  }

  private make(): Server {
    const stream = createHandler({ schema: this.schema, authenticate: () => '' });
    return createServer((request, response) => {
      void this.handle(request, response, stream);
    });
  }

  private async handle(
    request: IncomingMessage,
    response: ServerResponse,
    stream: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  ): Promise<void> {
    if (request.url === '/health/ready') return void response.end('{}');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const isSigned = isGatewaySignatureValid(
      testSecret,
      String(request.headers[gatewaySignatureHeader]),
      {
        body: text,
        nowMs: Date.now(),
      },
    );
    const body = JSON.parse(text) as Omit<SeenCall, 'headers'>;
    const call = { ...body, headers: request.headers };
    if (request.url === '/graphql/stream') {
      this.openStreams += 1;
      this.streamsOpened += 1;
      this.streamHeaders.push(request.headers);
      response.once('close', () => (this.openStreams -= 1));
      if (this.answer) {
        this.answer(response, call);
        return;
      }
      const { method, url, headers } = request;
      // The body was read above: the handler gets it once more.
      return stream(
        Object.assign(Readable.from([text]), { method, url, headers }) as never,
        response,
      );
    }
    this.calls.push(call);
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    if (this.answer) {
      this.answer(response, call);
      return;
    }
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify(isSigned ? await this.execute(body) : { errors: [{ message: 'not signed' }] }),
    );
  }

  private async execute({ query, variables }: Omit<SeenCall, 'headers'>): Promise<unknown> {
    const document = parse(query);
    const errors = validate(this.schema, document);
    if (errors.length > 0) return { errors };
    return execute({ schema: this.schema, document, variableValues: variables, contextValue: {} });
  }
}
