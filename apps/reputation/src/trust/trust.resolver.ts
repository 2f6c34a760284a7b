import type { CommunityId, MemberId } from '@lyceum/contracts';
import { load, type BatchQuery, type Ctx } from '@lyceum/platform';
import {
  Ctx as Context,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { Community } from '../communities/community.type';
import { Member } from '../members/member.type';
import { ruleBookOfCommunity } from '../rule-sets/rule-books';
import { ruleSetOn, utcDay, type TrustFact, type TrustFacts, type TrustLevel } from '../rules';
import { query } from '../sql';

@ObjectType({ description: 'Something that a level of trust asks for.' })
export class TrustBar {
  @Field(() => String, { description: '`recent…` is of 100 days.' }) name!: string;
  @Field(() => Int) needed!: number;
}

@ObjectType({ description: 'Something that the next level of trust asks for.' })
export class TrustRequirement extends TrustBar {
  @Field(() => Int) has!: number;
}

@ObjectType({
  description: 'How far a member is trusted, by what it reads and does; measured once a day.',
})
export class MemberTrust {
  @Field(() => Int, { description: '0 is new.' }) level!: number;
  @Field(() => String) name!: string;
  @Field(() => Date) since!: Date;
  @Field(() => Date) measuredAt!: Date;
  @Field(() => [TrustRequirement], { description: 'Of the next level; none on the highest.' })
  next!: readonly TrustRequirement[];
}

interface TrustRow {
  readonly id: MemberId;
  readonly communityId: CommunityId;
  readonly level: number;
  readonly since: Date;
  readonly facts: TrustFacts;
  readonly measuredAt: Date;
}

@Resolver(() => Member)
export class TrustResolver {
  @FieldResolver(() => MemberTrust, { nullable: true })
  async trust(@Root() { id }: Member, @Context() ctx: Ctx): Promise<MemberTrust | null> {
    const row = await load(ctx, trustOfMember, id);
    if (row === null) return null;
    const { level, since, measuredAt, facts } = row;
    const levels = await trustLevelsOf(ctx, row.communityId);
    const name = levels.find((one) => one.level === level)?.name ?? 'New';
    const bars = levels.find((one) => one.level === level + 1)?.bars ?? {};
    return { level, name, since, measuredAt, next: requirements(bars, facts) };
  }
}

const requirements = (bars: TrustLevel['bars'], facts: TrustFacts): TrustRequirement[] =>
  (Object.entries(bars) as [TrustFact, number][]).map(([name, needed]) => ({
    ...{ name, needed, has: facts[name] },
  }));

/** As the rules of today have them. */
const trustLevelsOf = async (
  ctx: Ctx,
  communityId: CommunityId,
): Promise<readonly TrustLevel[]> => {
  const book = await load(ctx, ruleBookOfCommunity, communityId);
  return book === null ? [] : ruleSetOn(book, utcDay(ctx.deps.now())).trust;
};

@ObjectType({ description: 'A level of trust, and what it asks for.' })
export class TrustLevelOfCommunity {
  @Field(() => Int) level!: number;
  @Field(() => String) name!: string;
  @Field(() => [TrustBar]) bars!: readonly TrustBar[];
}

@Resolver(() => Community)
export class CommunityTrustResolver {
  @FieldResolver(() => [TrustLevelOfCommunity], {
    nullable: true,
    description: 'The levels of trust by the rules of today, lowest first.',
  })
  async trustLevels(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
  ): Promise<TrustLevelOfCommunity[]> {
    return (await trustLevelsOf(ctx, id)).map(({ level, name, bars }) => ({
      ...{ level, name },
      bars: (Object.entries(bars) as [TrustFact, number][]).map(([of, needed]) => ({
        name: of,
        needed,
      })),
    }));
  }
}

const trustOfMember: BatchQuery<MemberId, TrustRow> = async (ctx, ids) => {
  const rows = await query<TrustRow>(
    ctx.db,
    `SELECT member_id AS id, community_id AS "communityId", level, since, facts, measured_at AS "measuredAt" FROM member_trust WHERE member_id = ANY($1)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
};
