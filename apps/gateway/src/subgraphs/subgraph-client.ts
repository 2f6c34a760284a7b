import {
  clientHeader,
  gatewaySignatureHeader,
  signGatewayRequest,
  userAgentHeader,
  type Log,
} from '@lyceum/platform';
import type { FormattedExecutionResult } from 'graphql';
import { Pool, errors as undiciErrors } from 'undici';
import type { Caller } from '../caller';
import type { Settings, SubgraphAddress } from '../options';
import { CircuitBreaker } from './circuit-breaker';
import { Exchange, type HttpAnswer } from './exchange';
import { timedOut, unavailable } from './subgraph-error';

export type SubgraphAnswer = FormattedExecutionResult;

export interface SubgraphCall {
  /** The JSON body, ready to be sent. */
  readonly body: string;
  /** A mutation is sent once, and is not cut off when its client leaves. */
  readonly isMutation: boolean;
  readonly caller: Caller;
}

export interface SubgraphStream {
  readonly status: number;
  readonly contentType: string;
  readonly chunks: AsyncIterable<Buffer>;
  abort(): void;
}

/** What the executor needs of a subgraph; tests and benches put others in its place. */
export interface Subgraph {
  readonly name: string;
  /** Resolves with the subgraph's answer; rejects with SUBGRAPH_UNAVAILABLE or TIMEOUT, within the deadline. */
  ask(call: SubgraphCall): Promise<SubgraphAnswer>;
}

export interface SubgraphClient extends Subgraph {
  /** Opens the subgraph's event stream for a subscription. Rejects with SUBGRAPH_UNAVAILABLE or TIMEOUT. */
  openStream(body: string, caller: Caller): Promise<SubgraphStream>;
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

export type ObserveFetch = (subgraph: string, outcome: string, seconds: number) => void;

const retryDelayMs = 25;

/** Asks one subgraph over kept-alive connections, within deadlines and limits. */
export const createSubgraphClient = (
  address: SubgraphAddress,
  settings: Settings,
  observe: ObserveFetch = () => undefined,
): SubgraphClient => new PooledSubgraph(address, settings, observe);

class PooledSubgraph implements SubgraphClient {
  readonly name: string;
  private readonly log: Log;
  private readonly pool: Pool;
  /** Streams stay open for hours: they have connections of their own. */
  private readonly streams: Pool;
  private readonly breaker: CircuitBreaker;
  private inFlight = 0;
  private readonly path: string;
  private readonly base: string;

  constructor(
    address: SubgraphAddress,
    private readonly settings: Settings,
    private readonly observe: ObserveFetch,
  ) {
    const url = new URL(address.url);
    this.name = address.name;
    this.base = url.pathname.replace(/\/$/, '');
    this.path = `${this.base}/graphql`;
    this.log = settings.options.log;
    this.breaker = new CircuitBreaker(settings.now);
    const connect = { timeout: settings.deadlines.connectMs };
    this.pool = new Pool(url.origin, {
      connections: settings.subgraphLimits.connections,
      connect,
      maxResponseSize: settings.subgraphLimits.maxResponseBytes,
    });
    this.streams = new Pool(url.origin, { connect });
  }

  /** One function for all that surrounds a call: each further `await` would cost as much as a header. */
  async ask(call: SubgraphCall): Promise<SubgraphAnswer> {
    const remainingMs = this.admit(call);
    const startedAt = performance.now();
    const attempt = new Attempt();
    const timer = setTimeout(() => attempt.abort(deadlineReached), remainingMs);
    const forget = call.isMutation
      ? undefined
      : call.caller.gone.onLeave(() => attempt.abort(clientLeft));
    let outcome = 'ok';
    this.inFlight += 1;
    try {
      const answer = await this.send(call, attempt);
      this.breaker.record(true);
      return answer;
    } catch (cause) {
      if (attempt.abortReason === clientLeft) this.breaker.release();
      else this.breaker.record(false);
      const error = this.typed(attempt.abortReason ?? cause, call.caller);
      outcome = String(error.extensions['code']);
      throw error;
    } finally {
      clearTimeout(timer);
      forget?.();
      this.inFlight -= 1;
      this.observe(this.name, outcome, (performance.now() - startedAt) / 1000);
    }
  }

  async openStream(body: string, caller: Caller): Promise<SubgraphStream> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(deadlineReached), this.settings.deadlines.fetchMs);
    try {
      const response = await this.streams.request({
        method: 'POST',
        path: `${this.path}/stream`,
        headers: { ...this.headers(body, caller), accept: 'text/event-stream' },
        body,
        signal: abort.signal,
        headersTimeout: 0,
        bodyTimeout: this.settings.deadlines.streamSilenceMs,
      });
      return {
        status: response.statusCode,
        contentType: String(response.headers['content-type'] ?? ''),
        chunks: response.body,
        abort: () => abort.abort(clientLeft),
      };
    } catch (cause) {
      throw this.typed(cause, caller);
    } finally {
      clearTimeout(timer);
    }
  }

  async isReady(): Promise<boolean> {
    try {
      const { statusCode, body } = await this.pool.request({
        method: 'GET',
        path: `${this.base}/health/ready`,
        signal: AbortSignal.timeout(this.settings.deadlines.connectMs),
      });
      await body.dump();
      return statusCode === 200;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.destroy(), this.streams.destroy()]);
  }

  /** How long the call may take; throws when it may not be made. */
  private admit({ caller }: SubgraphCall): number {
    if (this.inFlight >= this.settings.subgraphLimits.maxInFlight) {
      throw unavailable(this.name, 'too many calls under way');
    }
    const { fetchMs } = this.settings.deadlines;
    const remainingMs = Math.min(fetchMs, caller.deadlineAtMs - this.settings.now());
    if (remainingMs <= 0) throw timedOut(this.name);
    if (!this.breaker.allows()) throw unavailable(this.name, 'circuit open');
    return remainingMs;
  }

  /** A query that met a connection which died is sent once more; a mutation may have been executed. */
  private async send(
    { body, caller, isMutation }: SubgraphCall,
    attempt: Attempt,
  ): Promise<SubgraphAnswer> {
    for (let isFirst = true; ; isFirst = false) {
      const headers = this.headers(body, caller);
      try {
        const { status, text } = await attempt.start(
          () => new Exchange(this.pool, { path: this.path, headers, body }),
        );
        return answerOf(text, status);
      } catch (cause) {
        const isFinal = isMutation || !isFirst || attempt.abortReason !== undefined;
        if (isFinal || !isLostConnection(cause)) throw cause;
      }
      await new Promise((resolve) => setTimeout(resolve, retryDelayMs * (0.5 + Math.random())));
    }
  }

  private headers(body: string, caller: Caller): Record<string, string> {
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      accept: 'application/json',
      'x-request-id': caller.requestId,
      [gatewaySignatureHeader]: signGatewayRequest(
        this.settings.options.gatewaySecret,
        body,
        this.settings.now(),
      ),
    };
    if (caller.authorization !== undefined) headers['authorization'] = caller.authorization;
    if (caller.origin !== undefined) {
      headers[clientHeader] = caller.origin.address;
      if (caller.origin.userAgent !== undefined) headers[userAgentHeader] = caller.origin.userAgent;
    }
    return headers;
  }

  private typed(cause: unknown, caller: Caller) {
    if (cause === deadlineReached) return timedOut(this.name);
    this.log.warn(
      { err: cause, subgraph: this.name, requestId: caller.requestId },
      'subgraph.unavailable',
    );
    return unavailable(this.name, cause);
  }
}

/** A call's way to be given up, whichever of its exchanges is under way. */
class Attempt {
  abortReason: Error | undefined;
  private exchange: Exchange | undefined;

  start(open: () => Exchange): Promise<HttpAnswer> {
    if (this.abortReason !== undefined) return Promise.reject(this.abortReason);
    this.exchange = open();
    return this.exchange.answer;
  }

  abort(reason: Error): void {
    this.abortReason = reason;
    this.exchange?.abort(reason);
  }
}

const deadlineReached = new Error('deadline reached');
const clientLeft = new Error('client left');

/** An answer is JSON with data or errors, whatever its status; anything else is a failure of the subgraph. */
const answerOf = (text: string, status: number): SubgraphAnswer => {
  const answer = parsedObject(text, status);
  if (status === 200 || Array.isArray(answer['errors'])) return answer;
  throw new Error(`answered with status ${String(status)}`);
};

const parsedObject = (text: string, status: number): Record<string, unknown> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`answered with status ${String(status)} and no JSON`);
  }
  if (typeof value !== 'object' || value === null) throw new Error('answered with no object');
  return value as Record<string, unknown>; // checked just above
};

const lostConnectionCodes = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'UND_ERR_SOCKET']);

const isLostConnection = (cause: unknown): boolean =>
  cause instanceof undiciErrors.SocketError ||
  (cause instanceof Error && 'code' in cause && lostConnectionCodes.has(String(cause.code)));
