import { createClient as createSseClient } from 'graphql-sse';
import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import { until, votes, type World } from './world';

/** What the tests of subscriptions listen with: the clients that others use, against a world's gateway. */
export const live =
  'subscription Live { voted { post { title score } voter { handle points badge } } }';

/** What `live` gets for a vote. */
export const expected = (post: number, member: number) => ({
  data: {
    voted: {
      post: { title: `Post ${String(post)}`, score: post },
      voter: {
        handle: `handle-m${String(member)}`,
        points: member * 10,
        badge: `badge of handle-m${String(member)}`,
      },
    },
  },
});

export type Subscriber = Pick<Client, 'subscribe'>;

export interface Listening {
  readonly events: unknown[];
  readonly ended: Promise<unknown>;
  readonly stop: () => void;
}

export const subscribe = (
  client: Subscriber,
  query = live,
  variables: Record<string, unknown> = {},
): Listening => {
  const events: unknown[] = [];
  let stop: () => void = () => undefined;
  const ended = new Promise((resolve) => {
    stop = client.subscribe(
      { query, variables },
      {
        next: (event) => events.push(event),
        error: resolve,
        complete: () => {
          resolve('complete');
        },
      },
    );
  });
  return { events, ended, stop };
};

export const overWebSocket = (
  { url }: World,
  connectionParams: Record<string, unknown> = {},
): Subscriber =>
  createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams,
    retryAttempts: 0,
    lazy: true,
  });

export const overSse = ({ url }: World, headers: Record<string, string> = {}): Subscriber =>
  createSseClient({ url: `${url}/graphql`, headers, retryAttempts: 0 });

/** The code of a close event, or what else a subscription has ended with. */
export const endOf = (end: unknown): unknown => (end as { code?: unknown }).code ?? end;

export const oneListener = (): Promise<void> => until(() => votes.listenerCount === 1);
