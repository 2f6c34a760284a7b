import { isId, type MemberId } from '@lyceum/contracts';
import {
  badInput,
  type Connection,
  connectionType,
  type Ctx,
  idIn,
  load,
  PageArgs,
  parsePage,
  toConnection,
} from '@lyceum/platform';
import {
  Args,
  Ctx as Context,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { learnActingMember, mayModerate } from '../communities/acting-member';
import { Community } from '../communities/community.type';
import { standingOfMember } from '../leaderboard/board.queries';
import { aMember, Member } from '../members/member.type';
import { referralsOf, referrersOf } from './referral.queries';
import type { ReferralState } from './judge-referrals';

const states = {
  JOINED: 'joined',
  ACTIVATED: 'activated',
  PURCHASED: 'purchased',
  CLAWED_BACK: 'clawed-back',
  REFUSED: 'refused',
} as const satisfies Record<string, ReferralState>;
registerEnumType(states, {
  name: 'ReferralState',
  description: 'How far somebody has come who was brought by a member.',
  valuesConfig: {
    CLAWED_BACK: { description: 'What was bought was paid back, and counts no more.' },
    REFUSED: { description: 'Counts for nobody: paid as who brought them would.' },
  },
});

@ObjectType({ description: 'Somebody whom a member brought, and what the member has of it.' })
export class Referral {
  @Field(() => ID) id!: string;
  @Field(() => states) state!: ReferralState;
  @Field(() => String, { description: 'Why it counts as it does, in a sentence.' }) why!: string;
  @Field(() => Int, { description: 'Points that the member has of it now.' }) points!: number;
  @Field(() => Date, { nullable: true }) joinedAt!: Date | null;
  @Field(() => Date, { nullable: true }) activatedAt!: Date | null;
  @Field(() => Date, { nullable: true, description: 'Of the purchase that counts.' })
  purchasedAt!: Date | null;

  inviteeId!: MemberId;

  @Field(() => Member, { description: 'Who was brought.' })
  member(): Member {
    return aMember(this.inviteeId);
  }
}

@ObjectType()
export class ReferralConnection extends connectionType('Referral', () => Referral) {}

@ObjectType({ description: 'What became of those whom one member brought.' })
export class Referrer {
  @Field(() => Int) joined!: number;
  @Field(() => Int, { description: 'Of them, how many ever became active.' }) activated!: number;
  @Field(() => Int) purchased!: number;
  @Field(() => Int, { description: 'Bought, and had it paid back.' }) clawedBack!: number;
  @Field(() => Int, { description: 'Paid as the member would.' }) refused!: number;
  @Field(() => Int, { description: 'Points that the member has of all of them.' }) points!: number;

  id!: MemberId;

  @Field(() => Member)
  member(): Member {
    return aMember(this.id);
  }
}

@ObjectType()
export class ReferrerConnection extends connectionType('Referrer', () => Referrer) {}

@Resolver(() => Member)
export class MemberReferralsResolver {
  @FieldResolver(() => ReferralConnection, {
    nullable: true,
    description:
      'Whom the member brought, latest first; for the member and the staff, none for others.',
  })
  async referrals(
    @Root() { id }: Member,
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<Referral> | null> {
    if (ctx.actor.kind !== 'user') return null;
    const standing = await load(ctx, standingOfMember, id);
    if (standing === null) return null;
    const actor = await learnActingMember(ctx, standing.communityId);
    if (actor?.memberId !== id && !mayModerate(actor)) return null;
    const list = `referrals ${id}`;
    const { first, after } = parsePage(list, page);
    const rows = await referralsOf(ctx.db, id, { after: idIn(after), limit: first + 1 });
    return toConnection(rows, { list, first, positionOf: (one) => [one.id] });
  }
}

@Resolver(() => Community)
export class CommunityReferrersResolver {
  @FieldResolver(() => ReferrerConnection, {
    nullable: true,
    description:
      'Who brought others, those first of whom most was refused or paid back; for the staff, none for others.',
  })
  async referrers(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<Referrer> | null> {
    if (ctx.actor.kind !== 'user' || !mayModerate(await learnActingMember(ctx, id))) return null;
    const list = `referrers ${id}`;
    const { first, after } = parsePage(list, page);
    const [bad, joined, member] = after ?? [];
    const isPosition = Number.isInteger(bad) && Number.isInteger(joined) && isId(String(member));
    if (after !== null && !isPosition) throw badInput('"after" is not a cursor of this list.');
    const rows = await referrersOf(ctx.db, id, {
      after: after && [Number(bad), Number(joined), String(member)],
      limit: first + 1,
    });
    return toConnection(rows, {
      list,
      first,
      positionOf: (one) => [one.refused + one.clawedBack, one.joined, one.id],
    });
  }
}
