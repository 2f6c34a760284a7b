/** What became of something that was told of a placement. Only what counted costs anything. */
export type AdOutcome = 'counted' | 'self' | 'crawler' | 'capped' | 'over-budget';

export interface ToldEvent {
  readonly kind: 'impression' | 'click';
  readonly viewer: string;
  readonly day: string;
  readonly audience: 'reader' | 'self' | 'crawler';
}

export interface AdTerms {
  readonly impressionMilli: bigint;
  readonly clickMilli: bigint;
  /** How often a viewer counts on one day, of each kind. */
  readonly viewerCap: number;
}

export const capKey = ({ kind, viewer, day }: ToldEvent): string => `${kind} ${day} ${viewer}`;

/**
 * Judges events one after the other, as if each were alone: pure, so that what counts can be tested without a database.
 * `counted` is how often each viewer has counted before; `availableMilli` is what may still be spent, and is never
 * exceeded.
 */
export const judgeAdEvents = <Event extends ToldEvent>(
  events: readonly Event[],
  terms: AdTerms,
  before: { readonly availableMilli: bigint; readonly counted: ReadonlyMap<string, number> },
): readonly (Event & { readonly outcome: AdOutcome; readonly costMilli: bigint })[] => {
  let available = before.availableMilli;
  const counted = new Map(before.counted);
  return events.map((event) => {
    const costMilli = event.kind === 'click' ? terms.clickMilli : terms.impressionMilli;
    const key = capKey(event);
    const times = counted.get(key) ?? 0;
    const free = { ...event, costMilli: 0n };
    if (event.audience !== 'reader') return { ...free, outcome: event.audience };
    if (times >= terms.viewerCap) return { ...free, outcome: 'capped' };
    if (costMilli > available) return { ...free, outcome: 'over-budget' };
    available -= costMilli;
    counted.set(key, times + 1);
    return { ...event, outcome: 'counted', costMilli };
  });
};
