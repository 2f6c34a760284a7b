import { createHash, randomBytes } from 'node:crypto';
import { isId, type AccountId, type CommunityId, type Id, type MemberId } from '@lyceum/contracts';
import {
  type BatchQuery,
  type Connection,
  type Ctx,
  groupBy,
  idIn,
  type PageArgs,
  parsePage,
  requireUser,
  toConnection,
  UserError,
} from '@lyceum/platform';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { EntityManager } from 'typeorm';
import type { ProductId } from '../catalogue/product.entity';
import type { StateOf } from '../state-machines';

export type SeatPackId = Id<'SeatPack'>;

export enum SeatPackStatus {
  WAITING = 'waiting',
  GIVEN_UP = 'given-up',
  ACTIVE = 'active',
  SUSPENDED = 'suspended',
  ENDED = 'ended',
}
registerEnumType(SeatPackStatus, {
  name: 'SeatPackStatus',
  valuesConfig: {
    WAITING: { description: 'Its order is not paid.' },
    GIVEN_UP: { description: 'It was not paid in time.' },
    ACTIVE: { description: 'Its seats can be given.' },
    SUSPENDED: { description: 'Withheld while a dispute lasts.' },
    ENDED: { description: 'Given back; nobody has access by it.' },
  },
});

@ObjectType({ description: 'Seats of a product that somebody bought for others.' })
export class SeatPack {
  @Field(() => ID) id!: SeatPackId;
  orderId!: string;
  productId!: ProductId;
  communityId!: CommunityId;
  ownerId!: AccountId;
  @Field(() => Int, { description: 'How many.' }) seats!: number;
  accessDays!: number | null;
  @Field(() => SeatPackStatus) status!: StateOf<'seat-pack'>;
  @Field(() => Date, { nullable: true }) startsAt!: Date | null;
  @Field(() => Date, {
    nullable: true,
    description: 'Until when its seats give access; null for good.',
  })
  endsAt!: Date | null;
}

@ObjectType({ description: 'A seat of a pack: free, offered by a code, or somebody’s.' })
export class Seat {
  @Field(() => ID) id!: string;
  packId!: SeatPackId;
  @Field(() => Int) number!: number;
  holderId!: AccountId | null;
  holderMemberId!: MemberId | null;
  grantId!: string | null;
  @Field(() => Boolean, { description: 'Whether somebody has it.' }) isTaken!: boolean;
  @Field(() => Boolean, { description: 'Whether it waits for who has its code.' })
  isOffered!: boolean;
  @Field(() => Date, { nullable: true }) givenAt!: Date | null;
}

@ObjectType({ implements: UserError })
export class SeatPackNotFound extends UserError {
  readonly code = 'SEAT_PACK_NOT_FOUND' as const;
  readonly message = 'There is no such pack of seats, or it is not yours.';
}

@ObjectType({ implements: UserError })
export class NoSeatLeft extends UserError {
  readonly code = 'NO_SEAT_LEFT' as const;
  readonly message = 'Every seat is taken or offered.';
}

/** Packs that match; `where` is SQL of ours, with its parameters from $1. */
export const selectPacks = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<SeatPack[]> => {
  const rows = await db.query<object[]>(
    `SELECT id, order_id AS "orderId", product_id AS "productId", community_id AS "communityId", owner_id AS "ownerId",
       seats, access_days AS "accessDays", status, starts_at AS "startsAt", ends_at AS "endsAt"
     FROM seat_pack WHERE ${where}`,
    [...parameters],
  );
  return rows.map((row) => Object.assign(new SeatPack(), row));
};

/** The pack; nobody else gives its seats until the transaction ends. */
export const lockPack = async (db: EntityManager, id: string): Promise<SeatPack | null> =>
  isId(id) ? ((await selectPacks(db, 'id = $1 FOR UPDATE', [id]))[0] ?? null) : null;

export const selectSeats = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<Seat[]> => {
  const rows = await db.query<object[]>(
    `SELECT id, pack_id AS "packId", number, holder_id AS "holderId", holder_member_id AS "holderMemberId",
       grant_id AS "grantId", holder_id IS NOT NULL AS "isTaken", code_hash IS NOT NULL AS "isOffered",
       given_at AS "givenAt"
     FROM seat WHERE ${where}`,
    [...parameters],
  );
  return rows.map((row) => Object.assign(new Seat(), row));
};

export const seatsByPack: BatchQuery<string, readonly Seat[]> = async (ctx, ids) =>
  groupBy(
    await selectSeats(ctx.db, 'pack_id = ANY($1::uuid[]) ORDER BY pack_id, number', [ids]),
    ({ packId }) => packId as string,
  );

/** The caller's own, newest first: ids are time-ordered. */
export const packsOfViewer = async (ctx: Ctx, page: PageArgs): Promise<Connection<SeatPack>> => {
  const { accountId } = requireUser(ctx);
  const list = `seat-packs:${accountId}`;
  const { first, after } = parsePage(list, page);
  const rows = await selectPacks(
    ctx.db,
    'owner_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3',
    [accountId, idIn(after), first + 1],
  );
  return toConnection(rows, { list, first, positionOf: ({ id }) => [id] });
};

/** A code that nobody guesses; only its hash is kept, so it is shown once. */
export const newCode = (): string => randomBytes(18).toString('base64url');

export const hashOfCode = (code: string): string => createHash('sha256').update(code).digest('hex');
