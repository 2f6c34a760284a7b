import { isId, newId, RatingRecorded, type CommunityId, type MemberId } from '@lyceum/contracts';
import { badInput, requireUser, useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { RulesNotAccepted, withRules } from '../communities/charter';
import { MembershipRequired } from '../communities/membership.errors';
import { actingMember, isVisible, learnStanding } from '../communities/standing';
import { mayReadById } from '../paywall/may-read';
import { checkCommentBody } from '../text/check-text';
import { InvalidContent } from '../text/invalid-content';
import { renderComment } from '../text/markdown';
import { Rating, type RatingId } from './rating.type';

@InputType()
export class RateInput {
  @Field(() => ID, { description: 'An article, or a product that the caller owns.' })
  subjectId!: string;
  @Field(() => Int, { nullable: true, description: '1 to 5; none takes the rating back.' })
  value?: number | null;
  @Field(() => String, { nullable: true, description: 'At most 5,000 characters, like a comment.' })
  text?: string | null;
}

@ObjectType({ implements: UserError })
export class NothingToRate extends UserError {
  readonly code = 'NOTHING_TO_RATE' as const;
  readonly message = 'There is no such article or product, or it is in a private community.';
}

@ObjectType({ implements: UserError })
export class OwnWork extends UserError {
  readonly code = 'OWN_WORK' as const;
  readonly message = 'Nobody can rate what they wrote or sell themselves.';
}

@ObjectType({ implements: UserError })
export class NotOwned extends UserError {
  readonly code = 'NOT_OWNED' as const;
  readonly message = 'Only who has bought it can rate it.';
}

@ObjectType({ description: 'The rating was taken back.' })
export class RatingTakenBack {
  @Field(() => ID) readonly subjectId!: string;
}

export const RateResult = createUnionType({
  name: 'RateResult',
  types: () =>
    [
      Rating,
      RatingTakenBack,
      NothingToRate,
      MembershipRequired,
      RulesNotAccepted,
      OwnWork,
      NotOwned,
      InvalidContent,
    ] as const,
});
type Result = Promise<typeof RateResult>;

interface Subject {
  readonly type: 'article' | 'product';
  readonly id: string;
  readonly communityId: CommunityId;
  /** Who wrote or sells it. */
  readonly ownerId: MemberId | null;
}

/** A member has one rating of a thing, and may change it or take it back at any time. */
export const rate = async (ctx: Ctx, input: RateInput): Result => {
  const { value, text } = input;
  if (value != null && (value < 1 || value > 5))
    throw badInput('"value" must be 1 to 5.', { field: 'value' });
  const problem = text == null || text === '' ? null : checkCommentBody(text);
  if (problem !== null) return problem;
  const subject = isId(input.subjectId) ? await subjectById(ctx, input.subjectId) : null;
  if (subject === null) return new NothingToRate();
  await learnStanding(ctx, subject.communityId);
  if (!(await isVisible(ctx, subject.communityId))) return new NothingToRate();
  if (value != null && !(await owns(ctx, subject))) return new NotOwned();
  return withRules(ctx, subject.communityId, () => record(ctx, { subject, input }));
};

const subjectById = async (ctx: Ctx, id: string): Promise<Subject | null> => {
  const [subject] = await ctx.db.query<Subject[]>(
    `SELECT 'article' AS type, id, community_id AS "communityId", author_id AS "ownerId" FROM article WHERE id = $1
     UNION ALL
     (SELECT 'product', product_id, community_id, seller_id FROM entitlement WHERE product_id = $1
      ORDER BY seller_id IS NULL LIMIT 1)`,
    [id],
  );
  return subject ?? null;
};

/** Free articles are everybody's; what is paid for is rated by who has or had it. */
const owns = async (ctx: Ctx, { type, id }: Subject): Promise<boolean> => {
  if (type === 'article') return mayReadById(ctx, id);
  const rows = await ctx.db.query<unknown[]>(
    `SELECT FROM entitlement WHERE product_id = $1 AND account_id = $2 AND status = 'active' AND starts_at <= $3 LIMIT 1`,
    [id, requireUser(ctx).accountId, ctx.deps.now()],
  );
  return rows.length > 0;
};

const record = useCase(
  async (tx, { subject, input }: { subject: Subject; input: RateInput }): Result => {
    const member = await actingMember(tx, subject.communityId);
    if (member === null) return new MembershipRequired();
    if (member.owedCharter !== null) return new RulesNotAccepted(member.owedCharter);
    if (subject.ownerId === member.memberId) return new OwnWork();
    const rating = await write(tx, { subject, input, raterId: member.memberId });
    if (rating === null || rating.value === 0)
      return Object.assign(new RatingTakenBack(), { subjectId: subject.id });
    return rating;
  },
);

interface Rated {
  readonly subject: Subject;
  readonly input: RateInput;
  readonly raterId: MemberId;
}

/** Null for nothing to take back. The row's lock orders who rates twice at once. */
const write = async (tx: Tx, { subject, input, raterId }: Rated): Promise<Rating | null> => {
  const value = input.value ?? 0;
  const text = value === 0 || input.text == null || input.text === '' ? null : input.text;
  const rows = await tx.db.query<(Rating & { version: number })[]>(
    `INSERT INTO rating AS own (id, community_id, subject_type, subject_id, rater_id, value, text_source, text_html, created_at)
     SELECT $1, $2, $3, $4, $5, $6::smallint, $7, $8, $9
     WHERE $6 > 0 OR EXISTS (SELECT FROM rating WHERE subject_id = $4 AND rater_id = $5)
     ON CONFLICT (subject_id, rater_id) DO UPDATE
       SET value = excluded.value, text_source = excluded.text_source, text_html = excluded.text_html,
           version = own.version + 1, edited_at = excluded.created_at
       WHERE (own.value, own.text_source) IS DISTINCT FROM (excluded.value, excluded.text_source)
     RETURNING ${ratingColumns}, version`,
    [
      ...[newId<'Rating'>(), subject.communityId, subject.type, subject.id, raterId, value, text],
      ...[text === null ? '' : renderComment(text), tx.now],
    ],
  );
  const [changed] = rows;
  if (changed === undefined) return ratingOf(tx, subject.id, raterId);
  const { id: ratingId, version } = changed;
  await tx.emit(RatingRecorded, {
    ...{ communityId: subject.communityId, ratingId, version, value, raterId },
    ...{ subjectType: subject.type, subjectId: subject.id, ownerId: subject.ownerId },
  });
  return toRating(changed);
};

export const ratingColumns = `id, community_id AS "communityId", rater_id AS "raterId", value, text_html AS "textHtml",
  created_at AS "createdAt", edited_at AS "editedAt"`;

export const toRating = (row: Rating & { id: RatingId }): Rating =>
  Object.assign(new Rating(), row);

const ratingOf = async (tx: Tx, subjectId: string, raterId: MemberId): Promise<Rating | null> => {
  const [row] = await tx.db.query<Rating[]>(
    `SELECT ${ratingColumns} FROM rating WHERE subject_id = $1 AND rater_id = $2`,
    [subjectId, raterId],
  );
  return row === undefined ? null : toRating(row);
};
