import { z } from 'zod';
import { id, type EventId } from './ids';

/** What kind of fact happened, and the shape of its payload. Names are `domain.noun.verbed.v1`. */
export interface EventType<Name extends string = string, Payload = unknown> {
  readonly name: Name;
  readonly payload: z.ZodType<Payload>;
  readonly description: string;
}

export const defineEvent = <Name extends string, Shape extends z.ZodRawShape>(
  name: Name,
  description: string,
  shape: Shape,
): EventType<Name, z.infer<z.ZodObject<Shape>>> => ({
  name,
  description,
  payload: z.object(shape),
});

export type PayloadOf<E> = E extends EventType<string, infer P> ? P : never;

/** What travels: one fact with its circumstances. `occurredAt` is when it happened, not when it was sent. */
export const envelope = z.object({
  id: id<'Event'>(),
  type: z.string(),
  occurredAt: z.iso.datetime(),
  requestId: z.string(),
  payload: z.unknown(),
});

export interface Envelope<Payload = unknown> {
  readonly id: EventId;
  readonly type: string;
  /** ISO-8601, UTC. */
  readonly occurredAt: string;
  /** The request that caused it, for following one action through every log. */
  readonly requestId: string;
  readonly payload: Payload;
}

/** Narrows an envelope to one event type, and its payload with it. */
export const isEvent = <Name extends string, Payload>(
  event: Envelope,
  type: EventType<Name, Payload>,
): event is Envelope<Payload> => event.type === type.name;
