import { isId, newId, type AccountId, type MemberId } from '@lyceum/contracts';
import { requireUser, useCase, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { Membership } from '../communities/membership.entity';
import { changeEntitlements, grantEntitlement } from '../entitlements/grant-entitlement';
import { NotNow } from '../holds/not-now';
import {
  hashOfCode,
  lockPack,
  newCode,
  NoSeatLeft,
  Seat,
  SeatPackNotFound,
  selectSeats,
  type SeatPack,
} from './seat-pack.type';

@InputType()
export class AssignSeatInput {
  @Field(() => ID) packId!: string;
  @Field(() => ID, { description: 'An active member of the community.' }) memberId!: string;
  @Field(() => ID, {
    nullable: true,
    description: 'This seat, taken from whoever has it; the first free one by default.',
  })
  seatId?: string | null;
}

@InputType()
export class OfferSeatInput {
  @Field(() => ID) packId!: string;
}

@InputType()
export class TakeSeatInput {
  @Field(() => String, { description: 'The code that the owner of the pack has given you.' })
  code!: string;
}

@InputType()
export class ReclaimSeatInput {
  @Field(() => ID) packId!: string;
  @Field(() => ID) seatId!: string;
}

@ObjectType({ description: 'A seat for whoever has the code first.' })
export class SeatOffer {
  @Field(() => Seat) seat!: Seat;
  @Field(() => String, { description: 'Shown once: nobody can look it up later.' }) code!: string;
}

@ObjectType({ description: 'The seat as it is now.' })
export class SeatGiven {
  @Field(() => Seat) seat!: Seat;
}

export const SeatResult = createUnionType({
  name: 'SeatResult',
  types: () => [SeatGiven, SeatPackNotFound, NoSeatLeft, NotNow] as const,
});
export const OfferSeatResult = createUnionType({
  name: 'OfferSeatResult',
  types: () => [SeatOffer, SeatPackNotFound, NoSeatLeft, NotNow] as const,
});
type Refusal = SeatPackNotFound | NoSeatLeft | NotNow;
type Result = Promise<SeatGiven | Refusal>;

/** Gives a seat to a member, by who bought the pack. Who has one keeps it, and again is the same seat. */
export const assignSeat = useCase(async (tx, input: AssignSeatInput): Result => {
  const pack = await lockOwnPack(tx, input.packId);
  if (!('status' in pack)) return pack;
  const membership = isId(input.memberId)
    ? await tx.db.findOneBy(Membership, { memberId: input.memberId as MemberId })
    : null;
  if (membership?.communityId !== pack.communityId || membership.status !== 'active')
    return new NotNow('There is no such member of the community.');
  const holder = { accountId: membership.accountId, memberId: membership.memberId };
  const own = await seatOf(tx, pack, holder.accountId);
  if (own !== null) return given(own);
  const seat =
    input.seatId == null ? await freeSeat(tx, pack) : await seatIn(tx, pack, input.seatId);
  if (seat === null) return new NoSeatLeft();
  await clear(tx, seat);
  return give(tx, { pack, seat, holder });
});

/** Sets a free seat aside for whoever comes with the code, by who bought the pack. */
export const offerSeat = useCase(
  async (tx, { packId }: OfferSeatInput): Promise<SeatOffer | Refusal> => {
    const pack = await lockOwnPack(tx, packId);
    if (!('status' in pack)) return pack;
    const seat = await freeSeat(tx, pack);
    if (seat === null) return new NoSeatLeft();
    const code = newCode();
    await tx.db.query('UPDATE seat SET code_hash = $2 WHERE id = $1', [seat.id, hashOfCode(code)]);
    return Object.assign(new SeatOffer(), {
      seat: Object.assign(seat, { isOffered: true }),
      code,
    });
  },
);

/** Takes the seat that a code is for, by anybody who is logged in; the code is used up. */
export const takeSeat = useCase(async (tx, { code }: TakeSeatInput): Result => {
  const { accountId } = requireUser(tx);
  const find = () => selectSeats(tx.db, 'code_hash = $1', [hashOfCode(code)]);
  const [offered] = await find();
  const pack = offered === undefined ? null : await lockPack(tx.db, offered.packId);
  const [seat] = await find(); // somebody else may have had it first
  if (pack === null || seat === undefined) return new NoSeatLeft();
  const problem = whyNotGiven(tx, pack);
  if (problem !== null) return problem;
  const own = await seatOf(tx, pack, accountId);
  if (own !== null) return given(own); // and the code stays good for somebody else
  const [membership] = await tx.db.findBy(Membership, { accountId, communityId: pack.communityId });
  return give(tx, { pack, seat, holder: { accountId, memberId: membership?.memberId ?? null } });
});

/** Takes a seat back, or an offer of it, by who bought the pack. Its access ends at once. */
export const reclaimSeat = useCase(async (tx, input: ReclaimSeatInput): Result => {
  const pack = await lockOwnPack(tx, input.packId);
  if (!('status' in pack)) return pack;
  const seat = await seatIn(tx, pack, input.seatId);
  if (seat === null) return new SeatPackNotFound();
  await clear(tx, seat);
  const [cleared] = await selectSeats(tx.db, 'id = $1', [seat.id]);
  return given(cleared ?? seat);
});

const given = (seat: Seat): SeatGiven => Object.assign(new SeatGiven(), { seat });

const lockOwnPack = async (
  tx: Tx,
  packId: string,
): Promise<SeatPack | SeatPackNotFound | NotNow> => {
  const pack = await lockPack(tx.db, packId);
  if (pack?.ownerId !== requireUser(tx).accountId) return new SeatPackNotFound();
  return whyNotGiven(tx, pack) ?? pack;
};

const whyNotGiven = (tx: Tx, { status, endsAt }: SeatPack): NotNow | null => {
  if (status === 'active' && (endsAt === null || endsAt > tx.now)) return null;
  return new NotNow('Its seats cannot be given: it is not paid, disputed, or over.');
};

const seatOf = async (tx: Tx, { id }: SeatPack, accountId: AccountId): Promise<Seat | null> =>
  (await selectSeats(tx.db, 'pack_id = $1 AND holder_id = $2', [id, accountId]))[0] ?? null;

const seatIn = async (tx: Tx, { id }: SeatPack, seatId: string): Promise<Seat | null> =>
  isId(seatId)
    ? ((await selectSeats(tx.db, 'pack_id = $1 AND id = $2', [id, seatId]))[0] ?? null)
    : null;

const freeSeat = async (tx: Tx, { id }: SeatPack): Promise<Seat | null> => {
  const free = 'pack_id = $1 AND holder_id IS NULL AND code_hash IS NULL ORDER BY number LIMIT 1';
  return (await selectSeats(tx.db, free, [id]))[0] ?? null;
};

interface Giving {
  readonly pack: SeatPack;
  readonly seat: Seat;
  readonly holder: { readonly accountId: AccountId; readonly memberId: MemberId | null };
}

/** Each time a seat is given the right has a source of its own, so that it ends with that person alone. */
const give = async (tx: Tx, { pack, seat, holder }: Giving): Promise<SeatGiven> => {
  const grantId = newId<'SeatGrant'>();
  await tx.db.query(
    `UPDATE seat SET holder_id = $2, holder_member_id = $3, grant_id = $4, code_hash = NULL, given_at = $5 WHERE id = $1`,
    [seat.id, holder.accountId, holder.memberId, grantId, tx.now],
  );
  await grantEntitlement(tx, {
    accountId: holder.accountId,
    communityId: pack.communityId,
    productId: pack.productId,
    source: { type: 'seat', id: grantId },
    startsAt: tx.now,
    endsAt: pack.endsAt,
  });
  const [now] = await selectSeats(tx.db, 'id = $1', [seat.id]);
  return given(now ?? seat);
};

const clear = async (tx: Tx, { id, grantId }: Seat): Promise<void> => {
  await tx.db.query(
    `UPDATE seat SET holder_id = NULL, holder_member_id = NULL, grant_id = NULL, code_hash = NULL, given_at = NULL
     WHERE id = $1`,
    [id],
  );
  if (grantId !== null)
    await changeEntitlements(tx, { source: { type: 'seat', id: grantId }, status: 'revoked' });
};
