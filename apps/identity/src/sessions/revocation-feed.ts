import {
  rememberRevocationsMs,
  revocationsPath,
  revocationsPingMs,
  type AddRoutes,
  type Deps,
} from '@lyceum/platform';
import type { FastifyReply } from 'fastify';
import { revocationTopic } from './revocation-topic';

/** Clocks and slow commits: what was revoked a little earlier may become visible a little later. */
const overlapMs = 60_000;

/**
 * Tells every process that verifies tokens which sessions and personal tokens were ended, as lines of JSON: first
 * all of the last minutes, then each within milliseconds. Signals wake it; it looks by itself as well, because
 * signals may be lost.
 */
export const addRevocationFeed = (
  server: Parameters<AddRoutes>[0],
  { isSigned }: Parameters<AddRoutes>[1],
  deps: Deps,
): void => {
  const feed = new RevocationFeed(deps);
  // Before the server waits for requests under way: these would never end.
  server.addHook('preClose', (done) => {
    feed.close();
    done();
  });
  server.get(revocationsPath, async (request, reply) => {
    if (!isSigned(request)) return reply.code(401).send({ message: 'This is for the platform.' });
    reply.hijack();
    await feed.add(reply);
    return reply;
  });
};

class RevocationFeed {
  private readonly streams = new Set<FastifyReply['raw']>();
  private readonly told = new Map<string, number>();
  private stopListening: AbortController | undefined;
  private isClosed = false;

  constructor(private readonly deps: Deps) {}

  async add({ raw }: FastifyReply): Promise<void> {
    raw.writeHead(200, {
      'content-type': 'application/x-ndjson',
      'cache-control': 'no-store',
      connection: 'close', // when it ends, nothing is left to wait for
    });
    this.streams.add(raw);
    raw.once('close', () => this.remove(raw));
    raw.on('error', () => undefined);
    if (this.isClosed) return void raw.end();
    this.listen();
    try {
      const all = await this.revokedSince(rememberRevocationsMs);
      raw.write(`${JSON.stringify(all)}\n`);
    } catch (error) {
      this.deps.log.warn({ err: error }, 'revocations.not-read');
      raw.end();
    }
  }

  close(): void {
    this.isClosed = true;
    this.stopListening?.abort();
    for (const stream of this.streams) stream.end();
  }

  private remove(stream: FastifyReply['raw']): void {
    this.streams.delete(stream);
    if (this.streams.size > 0) return;
    this.stopListening?.abort();
    this.stopListening = undefined;
  }

  private listen(): void {
    if (this.stopListening !== undefined) return;
    const stop = new AbortController();
    this.stopListening = stop;
    const timer = setInterval(() => {
      for (const stream of this.streams) stream.write('\n');
      void this.tell();
    }, revocationsPingMs);
    stop.signal.addEventListener('abort', () => clearInterval(timer));
    void this.followSignals(stop.signal);
  }

  private async followSignals(signal: AbortSignal): Promise<void> {
    try {
      for await (const _ of this.deps.signals.listen(revocationTopic, signal)) await this.tell();
    } catch (error) {
      this.deps.log.warn({ err: error }, 'revocations.no-signals'); // the timer goes on
    }
  }

  /** Writes what no stream has heard yet. Never rejects. */
  private async tell(): Promise<void> {
    try {
      const nowMs = this.deps.now().getTime();
      for (const [id, forgetAtMs] of this.told) if (forgetAtMs <= nowMs) this.told.delete(id);
      const recent = await this.revokedSince(overlapMs);
      const fresh = recent.filter((id) => !this.told.has(id));
      if (fresh.length === 0) return;
      for (const id of fresh) this.told.set(id, nowMs + 2 * overlapMs);
      for (const stream of this.streams) stream.write(`${JSON.stringify(fresh)}\n`);
    } catch (error) {
      this.deps.log.warn({ err: error }, 'revocations.not-read');
    }
  }

  private async revokedSince(agoMs: number): Promise<readonly string[]> {
    const since = new Date(this.deps.now().getTime() - agoMs);
    const rows = await this.deps.dataSource.query<{ id: string }[]>(
      `SELECT id FROM session WHERE revoked_at > $1
       UNION ALL SELECT id FROM personal_token WHERE revoked_at > $1`,
      [since],
    );
    return rows.map(({ id }) => id);
  }
}
