import { isId, type AccountId, type CommunityId, type Id, type MemberId } from '@lyceum/contracts';
import { money, type Currency, type Money } from '@lyceum/money';
import {
  type Connection,
  type Ctx,
  idIn,
  type PageArgs,
  parsePage,
  requireUser,
  toConnection,
  UserError,
} from '@lyceum/platform';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { EntityManager } from 'typeorm';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { membershipOf } from '../communities/membership.queries';
import { MoneyType, toMoneyType } from '../graph/money.type';
import { toRow } from '../orders/order.type';
import type { StateOf } from '../state-machines';

export type CommissionId = Id<'Commission'>;

export enum CommissionStatus {
  REQUESTED = 'requested',
  QUOTED = 'quoted',
  ORDERED = 'ordered',
  WORKING = 'working',
  DELIVERED = 'delivered',
  CONTESTED = 'contested',
  ACCEPTED = 'accepted',
  CANCELED = 'canceled',
  DECLINED = 'declined',
  WITHDRAWN = 'withdrawn',
}
registerEnumType(CommissionStatus, {
  name: 'CommissionStatus',
  valuesConfig: {
    REQUESTED: { description: 'The client has said what is wanted.' },
    QUOTED: { description: 'The creator has said for how much, and by when.' },
    ORDERED: { description: 'The client has agreed, and is to pay.' },
    WORKING: { description: 'Paid. The money is held.' },
    DELIVERED: { description: 'The client accepts it, or wants it revised; by itself in time.' },
    CONTESTED: { description: 'The two do not agree: who manages the catalogue decides.' },
    ACCEPTED: { description: 'The creator has the money.' },
    CANCELED: { description: 'What was agreed for that went back.' },
    DECLINED: { description: 'The creator does not want to.' },
    WITHDRAWN: { description: 'The client does not want it any more.' },
  },
});

export enum CommissionSide {
  CLIENT = 'client',
  CREATOR = 'creator',
}
registerEnumType(CommissionSide, { name: 'CommissionSide' });

@ObjectType({
  description: 'Work that one member asks of another. They and who manages the catalogue see it.',
})
export class Commission {
  @Field(() => ID) id!: CommissionId;
  communityId!: CommunityId;
  clientId!: AccountId;
  clientMemberId!: MemberId;
  creatorId!: MemberId;
  creatorAccountId!: AccountId;
  @Field(() => String, { description: 'Plain text: escape it to show it.' }) title!: string;
  @Field(() => String, { description: 'What is wanted, plain text.' }) brief!: string;
  @Field(() => CommissionStatus) status!: StateOf<'commission'>;
  @Field(() => Int, { description: 'Of the present quote, from 1; 0 before there is one.' })
  quoteNumber!: number;
  amountMinor!: bigint | null;
  currency!: Currency | null;
  @Field(() => Int, { nullable: true, description: 'Days from the payment to the delivery.' })
  deliverDays!: number | null;
  @Field(() => Int, {
    nullable: true,
    description: 'Days after which what nobody complains about is accepted.',
  })
  acceptDays!: number | null;
  @Field(() => Int, { nullable: true, description: 'How often the client may have it revised.' })
  revisions!: number | null;
  @Field(() => Int, {
    nullable: true,
    description:
      'What the creator keeps when the client cancels in time, in hundredths of a percent.',
  })
  keptBasisPoints!: number | null;
  orderId!: string | null;
  @Field(() => String, { description: 'What was delivered, plain text.' }) delivery!: string;
  @Field(() => String, { description: 'What the client wants to be otherwise, plain text.' })
  objection!: string;
  @Field(() => Int, { description: 'How often it was revised.' }) revised!: number;
  @Field(() => Date, {
    nullable: true,
    description: 'Until when it is to be delivered, or is accepted by itself.',
  })
  dueAt!: Date | null;
  @Field(() => String, { nullable: true, description: 'Why it ended: a sentence, in English.' })
  outcome!: string | null;
  @Field(() => Date) createdAt!: Date;
  @Field(() => Date, { nullable: true }) endedAt!: Date | null;

  @Field(() => MoneyType, { name: 'amount', nullable: true, description: 'As it is quoted.' })
  get amountField(): MoneyType | null {
    return this.amount === null ? null : toMoneyType(this.amount);
  }

  get amount(): Money | null {
    return this.amountMinor === null || this.currency === null
      ? null
      : money(this.amountMinor, this.currency);
  }
}

@ObjectType({ implements: UserError })
export class CommissionNotFound extends UserError {
  readonly code = 'COMMISSION_NOT_FOUND' as const;
  readonly message = 'There is no such commission.';
}

@ObjectType({ implements: UserError })
export class InvalidCommission extends UserError {
  readonly code = 'INVALID_COMMISSION' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}

/** Commissions that match; `where` is SQL of ours, with its parameters from $1. */
export const selectCommissions = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<Commission[]> => {
  const rows = await db.query<object[]>(
    `SELECT id, community_id AS "communityId", client_id AS "clientId", client_member_id AS "clientMemberId",
       creator_id AS "creatorId", creator_account_id AS "creatorAccountId", title, brief, status,
       quote_number AS "quoteNumber", amount_minor AS "amountMinor", currency, deliver_days AS "deliverDays",
       accept_days AS "acceptDays", revisions, kept_basis_points AS "keptBasisPoints", order_id AS "orderId", delivery,
       objection, revised, due_at AS "dueAt", outcome, created_at AS "createdAt", ended_at AS "endedAt"
     FROM commission WHERE ${where}`,
    [...parameters],
  );
  return rows.map((row) => toRow(Commission, row));
};

/** The commission, and nobody else changes it until the transaction ends. Lock its order first, if it has one. */
export const lockCommission = async (db: EntityManager, id: string): Promise<Commission | null> =>
  (await selectCommissions(db, 'id = $1 FOR UPDATE', [id]))[0] ?? null;

/** What the actor is to the commission; null for nobody who may know of it. */
export const sideOf = async (
  ctx: Pick<Ctx, 'db' | 'actor'>,
  commission: Commission,
): Promise<'client' | 'creator' | 'manager' | null> => {
  const { accountId } = requireUser(ctx);
  if (commission.clientId === accountId) return 'client';
  if (commission.creatorAccountId === accountId) return 'creator';
  const { communityId } = commission;
  return canManageCatalogue(await membershipOf(ctx.db, { communityId, accountId }))
    ? 'manager'
    : null;
};

export const visibleCommission = async (ctx: Ctx, id: string): Promise<Commission | null> => {
  if (ctx.actor.kind !== 'user' || !isId(id)) return null;
  const [commission] = await selectCommissions(ctx.db, 'id = $1', [id]);
  return commission !== undefined && (await sideOf(ctx, commission)) !== null ? commission : null;
};

/** The caller's, newest first: ids are time-ordered. */
export const commissionsOf = async (
  ctx: Ctx,
  side: CommissionSide,
  page: PageArgs,
): Promise<Connection<Commission>> => {
  const { accountId } = requireUser(ctx);
  const list = `commissions:${side}:${accountId}`;
  const { first, after } = parsePage(list, page);
  const column = side === CommissionSide.CLIENT ? 'client_id' : 'creator_account_id';
  const rows = await selectCommissions(
    ctx.db,
    `${column} = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [accountId, idIn(after), first + 1],
  );
  return toConnection(rows, { list, first, positionOf: ({ id }) => [id] });
};
