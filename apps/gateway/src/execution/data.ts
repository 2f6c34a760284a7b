/** An object as it came from a subgraph's JSON. Its keys are chosen by clients: only own ones count. */
export type Entity = Record<string, unknown>;

export const isEntity = (value: unknown): value is Entity =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field's value, or undefined; `constructor` and the like are fields, not what objects inherit. */
export const own = (entity: Entity, key: string): unknown =>
  Object.prototype.hasOwnProperty.call(entity, key) ? entity[key] : undefined;

const put = (entity: Entity, key: string, value: unknown): void => {
  if (key !== '__proto__') entity[key] = value;
  else {
    Object.defineProperty(entity, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
};

/**
 * Adds what a later fetch found to what is there: objects field by field, lists of one length item by
 * item, anything else replaced. Parts of `source` may end up in `target` by reference.
 */
export const merge = (target: Entity, source: Entity): void => {
  for (const key of Object.keys(source)) {
    const value = source[key];
    const existing = own(target, key);
    if (isEntity(value) && isEntity(existing)) {
      if (value !== existing) merge(existing, value);
    } else if (
      Array.isArray(value) &&
      Array.isArray(existing) &&
      value.length === existing.length
    ) {
      if (value !== existing) mergeLists(existing, value);
    } else if (value !== undefined) put(target, key, value);
  }
};

const mergeLists = (target: unknown[], source: readonly unknown[]): void => {
  source.forEach((value, index) => {
    const existing = target[index];
    if (isEntity(value) && isEntity(existing)) merge(existing, value);
    else target[index] = value;
  });
};

/** Marks "every item" in a path to entities, beside field names. */
export const everyItem = '@';

/** The objects at a path, in order of appearance; what is null on the way is left out. */
export const entitiesAt = (value: unknown, path: readonly string[]): Entity[] => {
  const found: Entity[] = [];
  collect(value, path, { from: 0, found });
  return found;
};

const collect = (
  value: unknown,
  path: readonly string[],
  to: { from: number; found: Entity[] },
): void => {
  let current = value;
  for (let index = to.from; index <= path.length; index += 1) {
    if (current === null || typeof current !== 'object') return;
    if (Array.isArray(current)) {
      const from = path[index] === everyItem ? index + 1 : index;
      for (const item of current) collect(item, path, { from, found: to.found });
      return;
    }
    const key = path[index];
    if (key === undefined)
      to.found.push(current as Entity); // neither null nor an array: an object
    else current = own(current as Entity, key);
  }
};

/** The concrete paths of what `entitiesAt` finds, in the same order: for the paths of errors. */
export const pathsAt = (value: unknown, path: readonly string[]): (string | number)[][] => {
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) {
    const rest = path[0] === everyItem ? path.slice(1) : path;
    return value.flatMap((item, index) => pathsAt(item, rest).map((tail) => [index, ...tail]));
  }
  const [key, ...rest] = path;
  if (key === undefined) return [[]];
  return pathsAt(own(value as Entity, key), rest).map((tail) => [key, ...tail]); // an object, as above
};
