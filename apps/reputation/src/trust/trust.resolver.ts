import type { MemberId } from '@lyceum/contracts';
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
import { Member } from '../members/member.type';
import { trustLevels, type TrustFact, type TrustFacts } from '../rules';
import { query } from '../sql';

@ObjectType({ description: 'Something that the next level of trust asks for.' })
export class TrustRequirement {
  @Field(() => String, { description: '`recent…` is of 100 days.' }) name!: string;
  @Field(() => Int) needed!: number;
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
    const name = trustLevels.find((one) => one.level === level)?.name ?? 'New';
    return { level, name, since, measuredAt, next: requirements(level + 1, facts) };
  }
}

const requirements = (level: number, facts: TrustFacts): TrustRequirement[] => {
  const bars = trustLevels.find((one) => one.level === level)?.bars ?? {};
  return (Object.entries(bars) as [TrustFact, number][]).map(([name, needed]) => ({
    ...{ name, needed, has: facts[name] },
  }));
};

const trustOfMember: BatchQuery<MemberId, TrustRow> = async (ctx, ids) => {
  const rows = await query<TrustRow>(
    ctx.db,
    `SELECT member_id AS id, level, since, facts, measured_at AS "measuredAt" FROM member_trust WHERE member_id = ANY($1)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
};
