import type { AccountId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';

/** Where avatars are kept. The one here is the database: small pictures, saved and erased with their account. */
export interface AvatarStore {
  /** Takes the place of the account's picture, if it had one. */
  put(
    accountId: AccountId,
    avatar: { readonly name: string; readonly image: Buffer },
  ): Promise<void>;
  remove(accountId: AccountId): Promise<void>;
  find(name: string): Promise<Buffer | null>;
}

export const avatarStore = (db: EntityManager): AvatarStore => ({
  put: async (accountId, { name, image }) => {
    await db.query(
      `INSERT INTO avatar (account_id, name, image) VALUES ($1, $2, $3)
       ON CONFLICT (account_id) DO UPDATE SET name = excluded.name, image = excluded.image`,
      [accountId, name, image],
    );
  },
  remove: async (accountId) => {
    await db.query('DELETE FROM avatar WHERE account_id = $1', [accountId]);
  },
  find: async (name) => {
    const [row] = await db.query<{ image: Buffer }[]>('SELECT image FROM avatar WHERE name = $1', [
      name,
    ]);
    return row?.image ?? null;
  },
});
