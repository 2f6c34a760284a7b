import type { AccountId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';

/*
 * Handles are ASCII, so what looks alike is few: 0 and o, 1, i and l, rn and m, vv and w, _ and -. `handle_skeleton`
 * (a function of the database) makes them equal. A handle that an account had before still leads to it, and stays its
 * own: nobody takes over the name that others know it by.
 */

/** Whether somebody else has the handle or one that looks like it, or had it before. */
export const isHandleHeld = async (
  db: EntityManager,
  handle: string,
  except: AccountId | null = null,
): Promise<boolean> => {
  const [row] = await db.query<[{ isHeld: boolean }]>(
    `SELECT EXISTS (SELECT FROM account WHERE handle_skeleton(handle) = handle_skeleton($1)
         AND ($2::uuid IS NULL OR id <> $2))
       OR EXISTS (SELECT FROM former_handle WHERE handle_skeleton(handle) = handle_skeleton($1)
         AND ($2::uuid IS NULL OR account_id <> $2)) AS "isHeld"`,
    [handle, except],
  );
  return row.isHeld;
};

/** The account that had the handle before; null when none did. */
export const formerOwner = async (db: EntityManager, handle: string): Promise<AccountId | null> => {
  const [row] = await db.query<{ id: AccountId }[]>(
    `SELECT account_id AS id FROM former_handle
     WHERE handle_skeleton(handle) = handle_skeleton($1) AND lower(handle) = lower($1)`,
    [handle],
  );
  return row?.id ?? null;
};
