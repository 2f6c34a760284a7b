import { isId } from '@lyceum/contracts';
import { badInput } from '@lyceum/platform';

/** The id after which a list goes on that is in the order of its ids; null for its beginning. Throws BAD_INPUT. */
export const idIn = (after: readonly (string | number)[] | null): string | null => {
  const [id] = after ?? [];
  if (id === undefined) return null;
  if (typeof id !== 'string' || !isId(id)) throw badInput('"after" is not a cursor of this list.');
  return id;
};
