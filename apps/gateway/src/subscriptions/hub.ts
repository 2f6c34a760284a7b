import { GraphQLError, OperationTypeNode } from 'graphql';
import { badVariables } from '../graph/apollo';
import type { Graph, OperationText } from '../graph/graph';
import type { PreparedOperation } from '../execution/operation';
import type { Client } from './client';
import { Mailbox } from './mailbox';
import type { Payload } from './payload';
import type { OperationRequest } from './run-operation';
import { Upstream, type Listener, type UpstreamParts } from './upstream';

export interface SubscribeRequest extends OperationRequest {
  readonly client: Client;
  readonly onOverflow: () => void;
  readonly onExpired: () => void;
}

interface Shared {
  readonly text: OperationText;
  readonly upstream: Upstream;
}

/** All subscriptions that clients have open, on as few upstreams as their rights allow. */
export class SubscriptionHub {
  private readonly shared = new Map<string, Shared>();
  private readonly forgetGraph: () => void;
  private open = 0;

  constructor(
    private readonly graph: Graph,
    private readonly parts: UpstreamParts,
  ) {
    this.forgetGraph = graph.onChange(() => this.replan());
  }

  get subscriptionCount(): number {
    return this.open;
  }

  get upstreamCount(): number {
    return this.shared.size;
  }

  /** Throws GraphQLError when the operation is not one that can be subscribed to. */
  check({ query, operationName, variables }: OperationRequest): PreparedOperation {
    const prepared = this.graph.preparedFromText({ query, operationName });
    if (prepared.operation.operation !== OperationTypeNode.SUBSCRIPTION) {
      throw new GraphQLError('The operation is no subscription.', {
        extensions: { code: 'BAD_INPUT' },
      });
    }
    const [problem] = badVariables(prepared, variables, this.parts.settings) ?? [];
    if (problem !== undefined) throw problem;
    return prepared;
  }

  /** Joins the upstream of these rights, or opens it. Throws as `check` does. */
  subscribe(request: SubscribeRequest): Mailbox<Payload> {
    const prepared = this.check(request);
    const text: OperationText = { query: request.query, operationName: request.operationName };
    const key = JSON.stringify([
      text.query,
      text.operationName,
      sorted(request.variables),
      request.client.rights,
    ]);
    const known = this.shared.get(key);
    const upstream = known?.upstream ?? new Upstream(this.parts, prepared, request.variables);
    const mailbox: Mailbox<Payload> = new Mailbox(
      this.parts.settings.subscriptionLimits.maxQueuedEvents,
      () => {
        this.open -= 1;
        upstream.remove(listener);
        if (upstream.listenerCount === 0 && this.shared.get(key)?.upstream === upstream)
          this.shared.delete(key);
      },
    );
    const listener: Listener = {
      client: request.client,
      mailbox,
      onOverflow: request.onOverflow,
      onExpired: request.onExpired,
    };
    this.open += 1;
    upstream.add(listener);
    if (known === undefined) {
      this.shared.set(key, { text, upstream });
      void upstream.run();
    }
    return mailbox;
  }

  /** Ends every subscription. */
  close(): void {
    this.forgetGraph();
    for (const { upstream } of [...this.shared.values()]) upstream.end();
  }

  private replan(): void {
    for (const { text, upstream } of [...this.shared.values()]) {
      try {
        upstream.replan(this.graph.preparedFromText(text));
      } catch (error) {
        upstream.refuse([error]);
      }
    }
  }
}

/** Objects with their keys in order, so that equal variables have equal text. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, item]) => [key, sorted(item)]);
};
