import DataLoader from 'dataloader';
import type { Ctx } from './context';

/** How many keys go to one query at most. */
const maxBatchSize = 500;

/** A query by many keys at once. Answers a map; a key without an entry loads as null. */
export type BatchQuery<Key, Value> = (
  ctx: Ctx,
  keys: readonly Key[],
) => Promise<ReadonlyMap<Key, Value>>;

/** Loads one value; all loads of a tick are one query, and a request asks for a key once. */
export const load = <Key extends string, Value>(
  ctx: Ctx,
  query: BatchQuery<Key, Value>,
  key: Key,
): Promise<Value | null> => loaderOf(ctx, query).load(key);

/** Forgets what the request has read of a key, after the same request changed it. */
export const forget = <Key extends string, Value>(
  ctx: Ctx,
  query: BatchQuery<Key, Value>,
  key: Key,
): void => {
  loaderOf(ctx, query).clear(key);
};

const loaderOf = <Key extends string, Value>(
  ctx: Ctx,
  query: BatchQuery<Key, Value>,
): DataLoader<Key, Value | null> => {
  const known = ctx.loaders.get(query);
  if (known !== undefined) return known as unknown as DataLoader<Key, Value | null>; // stored under this very query
  const loader = new DataLoader<Key, Value | null>(
    async (keys) => {
      const found = await query(ctx, keys);
      return keys.map((key) => found.get(key) ?? null);
    },
    { maxBatchSize },
  );
  ctx.loaders.set(query, loader);
  return loader;
};
