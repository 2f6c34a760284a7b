import { isId, type CommunityId, type MemberId } from '@lyceum/contracts';
import {
  badInput,
  connectionType,
  load,
  PageArgs,
  parsePage,
  toConnection,
  type BatchQuery,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import {
  Args,
  Ctx as Context,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { Community } from '../communities/community.type';
import { listLoader, type ListQuery } from '../list-query';
import { Member } from '../members/member.type';
import { Subject, subjectOf } from '../posts/subject.type';
import { ruleBookOfCommunity } from '../rule-sets/rule-books';
import { badgeReason, badgesOf, type BadgeDefinition } from '../rules';
import { query } from '../sql';

export enum BadgeClass {
  BRONZE = 'bronze',
  SILVER = 'silver',
  GOLD = 'gold',
}
registerEnumType(BadgeClass, { name: 'BadgeClass' });

@ObjectType({ description: 'A badge that the rules of a community have.' })
export class Badge {
  @Field(() => String) name!: string;
  @Field(() => String) title!: string;
  @Field(() => BadgeClass) class!: `${BadgeClass}`;
  @Field(() => Boolean, { description: 'True: a member has it once at most.' }) isSingle!: boolean;
}

@ObjectType({ description: 'A badge that a member has, and why.' })
export class BadgeAward {
  @Field(() => Badge) badge!: Badge;
  @Field(() => Date, { description: 'When the last thing came true that it takes.' })
  awardedAt!: Date;
  @Field(() => String, { description: 'A sentence for the member.' }) reason!: string;
  row!: AwardRow;
}

@ObjectType()
export class BadgeAwardConnection extends connectionType('BadgeAward', () => BadgeAward) {}

@ObjectType()
export class BadgeCounts {
  @Field(() => Int) bronze!: number;
  @Field(() => Int) silver!: number;
  @Field(() => Int) gold!: number;
}

interface AwardRow {
  readonly communityId: CommunityId;
  readonly badge: string;
  readonly subjectId: string;
  readonly subjectType: string | null;
  readonly awardedAt: Date;
  readonly figure: number;
}

@Resolver(() => Member)
export class MemberBadgesResolver {
  @FieldResolver(() => BadgeAwardConnection, { nullable: true, description: 'Latest first.' })
  badges(
    @Root() member: Member,
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<BadgeAward>> {
    return badges(ctx, member, page);
  }

  @FieldResolver(() => BadgeCounts, { nullable: true })
  async badgeCounts(@Root() { id }: Member, @Context() ctx: Ctx): Promise<BadgeCounts> {
    return countsOf(await allAwards(ctx, id));
  }
}

@Resolver(() => BadgeAward)
export class BadgeAwardResolver {
  @FieldResolver(() => Subject, { nullable: true, description: 'The post that earned it.' })
  subject(@Root() { row }: BadgeAward): typeof Subject | null {
    return subjectOf(row);
  }
}

@Resolver(() => Community)
export class CommunityBadgesResolver {
  @FieldResolver(() => [Badge], { nullable: true, description: 'The badges there are to earn.' })
  async badges(@Root() { id }: Community, @Context() ctx: Ctx): Promise<Badge[]> {
    const book = await load(ctx, ruleBookOfCommunity, id);
    return book === null ? [] : badgesOf(book).map(toBadge);
  }
}

/** A badge that is had once shows its first cause only. */
const awards: ListQuery<MemberId, Record<string, never>, AwardRow> = (ctx, memberIds) =>
  query(
    ctx.db,
    `SELECT member_id AS "parentId", community_id AS "communityId", badge, subject_id AS "subjectId",
       subject_type AS "subjectType", awarded_at AS "awardedAt", figure
     FROM badge_award WHERE member_id = ANY($1) ORDER BY awarded_at, badge, subject_id`,
    [memberIds],
  );
const loadAwards = listLoader(awards);

const definitionsOf: BatchQuery<CommunityId, ReadonlyMap<string, BadgeDefinition>> = async (
  ctx,
  ids,
) => {
  const books = await ruleBookOfCommunity(ctx, ids);
  return new Map(
    [...books].map(([id, book]) => [id, new Map(badgesOf(book).map((one) => [one.name, one]))]),
  );
};

const allAwards = async (ctx: Ctx, memberId: MemberId): Promise<BadgeAward[]> => {
  const rows = await loadAwards(ctx, memberId, {});
  const [first] = rows;
  if (first === undefined) return [];
  const definitions = await load(ctx, definitionsOf, first.communityId);
  const seen = new Set<string>();
  return rows.flatMap((row) => {
    const definition = definitions?.get(row.badge);
    if (definition === undefined || (definition.once && seen.has(row.badge))) return [];
    seen.add(row.badge);
    const reason = badgeReason(definition, row.figure);
    return [
      Object.assign(new BadgeAward(), {
        ...{ badge: toBadge(definition), awardedAt: row.awardedAt, reason, row },
      }),
    ];
  });
};

const toBadge = ({ name, title, class: grade, once }: BadgeDefinition): Badge => ({
  ...{ name, title, class: grade, isSingle: once },
});

const countsOf = (all: readonly BadgeAward[]): BadgeCounts => {
  const count = (grade: string) => all.filter(({ badge }) => badge.class === grade).length;
  return { bronze: count('bronze'), silver: count('silver'), gold: count('gold') };
};

const list = 'badges';

const badges = async (
  ctx: Ctx,
  member: Member,
  page: PageArgs,
): Promise<Connection<BadgeAward>> => {
  const { first, after } = parsePage(list, page);
  const [at, key] = after ?? [];
  if (after !== null && !(Number.isSafeInteger(at) && typeof key === 'string'))
    throw badInput('"after" is not a cursor of this list.');
  const all = isId(member.id) ? (await allAwards(ctx, member.id)).reverse() : [];
  const from =
    after === null
      ? 0
      : all.findIndex((one) => one.awardedAt.getTime() === at && keyOf(one) === key) + 1;
  return toConnection(all.slice(from, from + first + 1), {
    list,
    first,
    positionOf: (one) => [one.awardedAt.getTime(), keyOf(one)],
  });
};

const keyOf = ({ row }: BadgeAward): string => `${row.badge} ${row.subjectId}`;
