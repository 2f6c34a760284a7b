import type { Tx } from '@lyceum/platform';
import { query } from '../sql';

/** A zone that this PostgreSQL doesn't know must not stop a community. */
export const knownTimeZone = async (tx: Tx, name: string): Promise<string> => {
  const [known] = await query(tx.db, 'SELECT FROM pg_timezone_names WHERE name = $1', [name]);
  if (known === undefined) tx.log.warn({ timeZone: name }, 'community.time-zone-unknown');
  return known === undefined ? 'UTC' : name;
};
