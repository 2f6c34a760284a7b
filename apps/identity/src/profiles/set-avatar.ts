import { requireUser, useCase, type Ctx } from '@lyceum/platform';
import { randomBytes } from 'node:crypto';
import { Field, InputType } from 'type-graphql';
import { Account } from '../accounts/account.entity';
import { requireAccount } from '../accounts/account.queries';
import { spend } from '../limits';
import { avatarImage } from './avatar-image';
import { avatarStore } from './avatar-store';

@InputType({ description: 'A picture of oneself.' })
export class SetAvatarInput {
  @Field(() => String, {
    nullable: true,
    description: 'A PNG, JPEG or WebP of at most 512 KiB, in base64; null for none.',
  })
  image?: string | null;
}

/** Pictures are read and written anew before the transaction: that takes long. */
export const setAvatar = async (ctx: Ctx, { image }: SetAvatarInput): Promise<Account> => {
  await spend(ctx, 'avatar', requireUser(ctx).accountId);
  return keep(ctx, image == null ? null : await avatarImage(image));
};

/** A name of its own for each picture, so that browsers may keep them for ever. */
const keep = useCase(async (tx, image: Buffer | null): Promise<Account> => {
  const accountId = await requireAccount(tx);
  const store = avatarStore(tx.db);
  const name = `${randomBytes(16).toString('hex')}.webp`;
  if (image === null) await store.remove(accountId);
  else await store.put(accountId, { name, image });
  await tx.db.query('UPDATE account SET avatar_url = $2 WHERE id = $1', [
    accountId,
    image === null ? null : `/files/avatars/${name}`,
  ]);
  return tx.db.findOneByOrFail(Account, { id: accountId });
});
