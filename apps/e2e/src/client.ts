import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createSocketClient, type Client as SocketClient } from 'graphql-ws';
import WebSocket from 'ws';

export interface GraphAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string; readonly requestId?: string };
  }[];
}

/** A client app: it knows the public endpoint and, once logged in, its token. */
export interface Client {
  readonly url: string;
  /** The whole answer, errors and all. */
  ask<Data>(query: string, variables?: object): Promise<GraphAnswer<Data>>;
  /** The data; any error fails the test. */
  get<Data>(query: string, variables?: object): Promise<Data>;
  /** What a subscription brings until `stop`, over one of the two transports. */
  listen<Data>(
    transport: 'WebSocket' | 'SSE',
    query: string,
    variables: Record<string, unknown>,
  ): Listening<Data>;
  with(token: string): Client;
}

export interface Listening<Data> {
  readonly heard: GraphAnswer<Data>[];
  /** Why it ended, when it did. */
  readonly ended: Promise<unknown>;
  stop(): void;
}

export const clientOf = (url: string, token?: string): Client => {
  const headers: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };

  const ask = async <Data>(query: string, variables?: object): Promise<GraphAnswer<Data>> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as GraphAnswer<Data>;
  };

  return {
    url,
    ask,
    async get<Data>(query: string, variables?: object): Promise<Data> {
      const { data, errors } = await ask<Data>(query, variables);
      if (errors !== undefined || data == null)
        throw new Error(`asked ${query}\ngot ${JSON.stringify({ data, errors })}`);
      return data;
    },
    listen<Data>(
      transport: 'WebSocket' | 'SSE',
      query: string,
      variables: Record<string, unknown>,
    ): Listening<Data> {
      const heard: GraphAnswer<Data>[] = [];
      let end: (reason: unknown) => void = () => undefined;
      const ended = new Promise<unknown>((resolve) => (end = resolve));
      const client = transport === 'WebSocket' ? socketClient(url, token) : sseClient(url, headers);
      const stop = client.subscribe(
        { query, variables },
        {
          next: (answer) => void heard.push(answer as unknown as GraphAnswer<Data>),
          error: (reason) => end(reason),
          complete: () => end('complete'),
        },
      );
      return {
        heard,
        ended,
        stop: () => {
          stop();
          void client.dispose();
        },
      };
    },
    with: (other) => clientOf(url, other),
  };
};

const socketClient = (url: string, token: string | undefined): SocketClient =>
  createSocketClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });

const sseClient = (url: string, headers: Record<string, string>) =>
  createSseClient({ url: `${url}/graphql`, headers, retryAttempts: 0 });
