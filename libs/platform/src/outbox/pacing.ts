import type { Destination } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';

/** Batches under way to a destination from which on a small one waits for the first to take effect. */
const depth = 2;

interface Sent {
  /** The last outbox row of each of the latest batches, oldest first. */
  readonly lastIds: readonly string[];
  readonly wasFull: boolean;
  readonly atMs: number;
}

/**
 * Nagle's rule (RFC 896) for events: while batches are under way, what comes gathers until one of them has
 * taken effect, a batch is full, or `holdMs` are over. A consumer's transaction costs little more for a
 * hundred events than for ten, so batches grow by themselves as soon as consumers fall behind, and a
 * single event in a quiet hour waits for nothing.
 */
export class Pacing {
  private readonly sent = new Map<Destination, Sent>();
  /** Whether the last answer of `held` had a destination in it. */
  isHolding = false;

  constructor(
    private readonly now: () => number = Date.now,
    private readonly holdMs = 100,
  ) {}

  /** Destinations that get nothing now. One statement by primary key, or none. */
  async held(db: EntityManager): Promise<readonly Destination[]> {
    const asked = new Map<string, Destination>();
    for (const [destination, { lastIds, wasFull, atMs }] of this.sent) {
      const [first] = lastIds;
      if (first === undefined || lastIds.length < depth || wasFull) continue;
      if (this.now() - atMs < this.holdMs) asked.set(first, destination);
    }
    const unacknowledged =
      asked.size === 0
        ? []
        : await db.query<{ id: string }[]>('SELECT id FROM outbox WHERE id = ANY($1)', [
            [...asked.keys()],
          ]);
    this.isHolding = unacknowledged.length > 0;
    return unacknowledged.flatMap(({ id }) => asked.get(id) ?? []);
  }

  /** Remembers a batch, by its last row. */
  note(
    destination: Destination,
    batch: { readonly lastId: string; readonly isFull: boolean },
  ): void {
    const earlier = this.sent.get(destination)?.lastIds ?? [];
    this.sent.set(destination, {
      lastIds: [...earlier, batch.lastId].slice(-depth),
      wasFull: batch.isFull,
      atMs: this.now(),
    });
  }
}
