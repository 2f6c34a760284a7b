import { GraphQLError } from 'graphql';
import { Departure, type Caller } from '../caller';
import { clientErrorOf } from '../client-error';
import { executeEvent } from '../execution/execute';
import { compileBody } from '../execution/fetch';
import type { PreparedOperation } from '../execution/operation';
import type { Settings } from '../options';
import type { SubgraphAnswer, SubgraphClient, SubgraphStream } from '../subgraphs/subgraph-client';
import { unavailable } from '../subgraphs/subgraph-error';
import type { Client } from './client';
import { readEvents } from './event-stream';
import type { Mailbox } from './mailbox';
import { Payload, payloadOf } from './payload';

export interface Listener {
  readonly client: Client;
  readonly mailbox: Mailbox<Payload>;
  /** The client does not keep up. */
  readonly onOverflow: () => void;
  /** The client's token is no longer good. */
  readonly onExpired: () => void;
}

export interface UpstreamParts {
  readonly subgraphs: ReadonlyMap<string, SubgraphClient>;
  readonly settings: Settings;
  readonly onEvent: (outcome: string) => void;
}

/**
 * One stream at the subgraph that owns a subscription, for all clients with the same operation, variables
 * and rights. Events are worked on one after the other, and while one is, no more are read: what a slow
 * subgraph cannot keep up with waits at its source, not in here.
 */
export class Upstream {
  private readonly listeners = new Set<Listener>();
  private stream: SubgraphStream | undefined;
  private wakeUp: (() => void) | undefined;
  private isOver = false;
  private isReopening = false;
  private attempts = 0;

  constructor(
    private readonly parts: UpstreamParts,
    private prepared: PreparedOperation,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {}

  get listenerCount(): number {
    return this.listeners.size;
  }

  add(listener: Listener): void {
    this.listeners.add(listener);
  }

  remove(listener: Listener): void {
    this.listeners.delete(listener);
    if (this.listeners.size === 0) this.close();
  }

  /** Goes on with the operation as planned on another supergraph. */
  replan(prepared: PreparedOperation): void {
    const isOther = this.bodyOf(prepared) !== this.bodyOf(this.prepared);
    this.prepared = prepared;
    if (isOther) this.reopen();
  }

  close(): void {
    this.isOver = true;
    this.stream?.abort();
    this.wakeUp?.();
  }

  /** Tells all clients why there is nothing more, and ends. */
  end(last?: Payload): void {
    for (const { mailbox } of [...this.listeners]) mailbox.end(last);
    this.close();
  }

  /** Ends with errors in the form that clients know. */
  refuse(errors: readonly unknown[]): void {
    this.end(new Payload({ errors: this.shown(errors) }));
  }

  /** Keeps the stream open for as long as somebody listens. Never rejects. */
  async run(): Promise<void> {
    while (!this.isOver) {
      try {
        if (await this.followStream()) this.end();
      } catch (error) {
        if (error instanceof Refused) this.refuse(error.errors);
        else this.log.debug({ err: error }, 'subscription.upstream-lost');
      }
      await this.prepareNextStream();
    }
  }

  private async prepareNextStream(): Promise<void> {
    if (this.isOver) return;
    if (this.isReopening) this.isReopening = false;
    else if (!(await this.backOff())) this.refuse([unavailable(this.primary.serviceName)]);
  }

  /** True when the subgraph has completed the subscription; false or an error when the stream was lost. */
  private async followStream(): Promise<boolean> {
    const { subgraphs, settings } = this.parts;
    const { serviceName } = this.primary;
    const subgraph = subgraphs.get(serviceName);
    const opener = this.latestClient();
    if (opener === undefined) return true;
    if (subgraph === undefined) throw unavailable(serviceName, 'not configured');
    const stream = await subgraph.openStream(this.bodyOf(this.prepared), this.callerFor(opener));
    this.stream = stream;
    const forgetExpiry = opener.onExpiry(() => this.reopen());
    try {
      if (this.isOver) return true;
      await this.refuseUnlessStream(stream);
      for await (const { event, data } of readEvents(
        stream.chunks,
        settings.subgraphLimits.maxResponseBytes,
      )) {
        this.attempts = 0;
        if (event === 'complete') return true;
        if (event === 'next') await this.deliver(JSON.parse(data) as SubgraphAnswer);
      }
      return false;
    } finally {
      forgetExpiry();
      stream.abort();
      this.stream = undefined;
    }
  }

  /** An answer that is no stream is the subgraph's refusal: asking again would not change it. */
  private async refuseUnlessStream({ status, contentType, chunks }: SubgraphStream): Promise<void> {
    if (status === 200 && contentType.startsWith('text/event-stream')) return;
    if (status >= 500) throw new Error(`answered with status ${String(status)}`);
    const { errors = [] } = await answerFrom(chunks);
    if (errors.length === 0) throw new Refused([unavailable(this.primary.serviceName)]);
    throw new Refused(
      errors.map(
        ({ message, extensions }) => new GraphQLError(message, { extensions: extensions ?? {} }),
      ),
    );
  }

  private async deliver(event: SubgraphAnswer): Promise<void> {
    await this.dropExpired();
    const client = this.latestClient();
    if (client === undefined || this.isOver) return;
    const answer = await executeEvent(this.prepared, event, {
      variables: this.variables,
      caller: this.callerFor(client),
      subgraphs: this.parts.subgraphs,
    });
    const payload = payloadOf(answer, answer.errors && this.shown(answer.errors));
    await this.giveClientsTheirTurn();
    for (const listener of [...this.listeners]) {
      const isTaken = listener.mailbox.push(payload);
      this.parts.onEvent(isTaken ? 'delivered' : 'overflow');
      if (isTaken) continue;
      void listener.mailbox.return();
      listener.onOverflow();
    }
  }

  /**
   * Many events may come in one chunk. A client that is sent to needs a turn of the event loop for each,
   * and must not be taken for a slow one because it did not get it.
   */
  private async giveClientsTheirTurn(): Promise<void> {
    for (const { mailbox } of this.listeners) {
      if (mailbox.isBehind) return new Promise((resolve) => void setImmediate(resolve));
    }
  }

  private async dropExpired(): Promise<void> {
    for (const listener of [...this.listeners]) {
      if (!(await listener.client.isAuthorised())) listener.onExpired();
    }
  }

  /** The client whose token lasts longest acts for all: their rights are equal. */
  private latestClient(): Client | undefined {
    let latest: Client | undefined;
    for (const { client } of this.listeners) {
      if (latest === undefined || client.expiresAtMs > latest.expiresAtMs) latest = client;
    }
    return latest;
  }

  private callerFor(client: Client): Caller {
    const { settings } = this.parts;
    return {
      requestId: client.requestId,
      authorization: client.authorization,
      origin: client.origin,
      deadlineAtMs: settings.now() + settings.deadlines.requestMs,
      gone: new Departure(),
    };
  }

  /** Opens the stream anew, at once and without telling anyone. */
  private reopen(): void {
    if (this.isOver || this.stream === undefined) return;
    this.isReopening = true;
    this.stream.abort();
  }

  /** Waits longer after each failure, each upstream differently; false when it was tried often enough. */
  private async backOff(): Promise<boolean> {
    const { maxReconnects, reconnectBaseMs } = this.parts.settings.subscriptionLimits;
    this.attempts += 1;
    if (this.attempts > maxReconnects) return false;
    const waitMs = reconnectBaseMs * 2 ** (this.attempts - 1) * (0.5 + Math.random());
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return true;
  }

  private get primary() {
    if (this.prepared.primary === undefined) throw new Error('the operation is no subscription');
    return this.prepared.primary;
  }

  private bodyOf({ primary }: PreparedOperation): string {
    return primary === undefined ? '' : compileBody(primary)(this.variables);
  }

  private shown(errors: readonly unknown[]) {
    const requestId = this.latestClient()?.requestId ?? '';
    return errors.map((error) => clientErrorOf(error, { requestId, log: this.log }));
  }

  private get log() {
    return this.parts.settings.options.log;
  }
}

class Refused extends Error {
  constructor(readonly errors: readonly GraphQLError[]) {
    super('the subgraph refuses the subscription');
  }
}

const maxRefusalBytes = 64 * 1024;

const answerFrom = async (chunks: AsyncIterable<Buffer>): Promise<SubgraphAnswer> => {
  let text = '';
  for await (const chunk of chunks) {
    text += chunk.toString();
    if (text.length > maxRefusalBytes) return {};
  }
  try {
    return JSON.parse(text) as SubgraphAnswer;
  } catch {
    return {};
  }
};
