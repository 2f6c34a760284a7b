import { isId, newId, ThanksGiven, type CommunityId, type MemberId } from '@lyceum/contracts';
import { useCase, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, registerEnumType } from 'type-graphql';
import { actingMember, learnActingMember, NotCommunityMember } from '../communities/acting-member';
import { query } from '../sql';
import {
  mostThanksADay,
  ThankedBefore,
  Thanks,
  ThanksInvalid,
  thanksById,
  ThanksUsedUp,
} from './thanks.types';

export enum ThankedPostType {
  QUESTION = 'question',
  ANSWER = 'answer',
  COMMENT = 'comment',
  ARTICLE = 'article',
}
registerEnumType(ThankedPostType, { name: 'ThankedPostType' });

@InputType()
export class ThankMemberInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => ThankedPostType) postType!: ThankedPostType;
  @Field(() => ID, { description: 'The post of another member that helped.' }) postId!: string;
  @Field(() => String, { description: '1 to 500 characters, for all to read.' }) text!: string;
}

export const ThankMemberResult = createUnionType({
  name: 'ThankMemberResult',
  types: () => [Thanks, ThanksInvalid, ThankedBefore, ThanksUsedUp, NotCommunityMember] as const,
});
type Result = Promise<typeof ThankMemberResult>;

/** Thanks the author of a post, once for each post. */
export const thankMember = async (ctx: Ctx, input: ThankMemberInput): Result =>
  (await learnActingMember(ctx, input.communityId)) === null
    ? new NotCommunityMember()
    : thank(ctx, input);

const thank = useCase(async (tx, input: ThankMemberInput): Result => {
  const member = await actingMember(tx, input.communityId);
  if (member === null) return new NotCommunityMember();
  const text = input.text.trim();
  if (text === '' || text.length > 500) return new ThanksInvalid('A note has 1 to 500 characters.');
  const receiverId = await authorOf(tx, input);
  if (receiverId === null) return new ThanksInvalid('There is no such post of a known member.');
  if (receiverId === member.memberId) return new ThanksInvalid('Nobody thanks themselves.');
  // One note of a member after the other: the limit holds however many are sent at once.
  await tx.db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `thanks of ${member.memberId}`,
  ]);
  if ((await givenToday(tx, member.memberId)) >= mostThanksADay) return new ThanksUsedUp();

  const id = newId<'Thanks'>();
  const written = await query(
    tx.db,
    `INSERT INTO thanks (id, community_id, giver_id, receiver_id, subject_type, subject_id, text, given_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id`,
    [
      ...[id, input.communityId, member.memberId, receiverId, input.postType, input.postId],
      ...[text, tx.now],
    ],
  );
  if (written.length === 0) return new ThankedBefore();
  await tx.emit(ThanksGiven, {
    ...{ thanksId: id, communityId: input.communityId, giverId: member.memberId, receiverId },
    ...{ subjectType: input.postType, subjectId: input.postId },
  });
  return (await thanksById(tx.db, id)) ?? new ThanksInvalid('It was not written.');
});

/** By the log of activity, which names a post so. */
const authorOf = async (
  tx: Tx,
  { communityId, postType, postId }: ThankMemberInput,
): Promise<MemberId | null> => {
  if (!isId(postId)) return null;
  const [post] = await query<{ authorId: MemberId | null }>(
    tx.db,
    `SELECT actor_id AS "authorId" FROM activity_log WHERE community_id = $1 AND key = $2`,
    [communityId, `${postType}:${postId}`],
  );
  return post?.authorId ?? null;
};

const givenToday = async (tx: Tx, memberId: MemberId): Promise<number> => {
  const [given] = await query<{ n: number }>(
    tx.db,
    `SELECT count(*)::int AS n FROM thanks
     WHERE giver_id = $1 AND given_at >= date_trunc('day', $2::timestamptz AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'`,
    [memberId, tx.now],
  );
  return given?.n ?? 0;
};
