import { newId, VoteRecorded, type AccountId } from '@lyceum/contracts';
import { UserError, useCase, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { accountOnRecord } from '../accounts';
import { MembershipRequired } from '../communities/membership.errors';
import type { Acting } from '../communities/rights';
import { actingMember } from '../communities/standing';
import { isCommunityOwned } from '../posts/community-owned';
import { withheld } from '../privileges/gates';
import { PrivilegeWithheld } from '../privileges/privilege-withheld';
import type { VotableType } from '../posts/post-type';
import { PostNotFound } from '../posts/post.errors';
import { lockPost, reachPost, type LockedPost, type PostPlace } from '../posts/post.queries';
import type { Vote } from './vote.entity';
import { mayVote } from './vote.policy';
import { toNumber, VoteValue } from './vote-value';

@InputType()
export class VoteInput {
  @Field(() => ID, { description: 'A question, an answer, a comment or an article.' })
  targetId!: string;

  @Field(() => VoteValue, { description: 'NONE withdraws the vote.' })
  value!: VoteValue;
}

/** What the vote is now. */
@ObjectType('Vote')
export class VoteNow {
  @Field(() => VoteValue) readonly value!: VoteValue;
  @Field(() => Int, { description: "The target's, with this vote." }) readonly score!: number;
  readonly targetId!: string;
  readonly targetType!: VotableType;
}

@ObjectType({ implements: UserError })
export class OwnPost extends UserError {
  readonly code = 'OWN_POST' as const;
  readonly message = 'Nobody can vote on what they wrote themselves.';
}

export const VoteResult = createUnionType({
  name: 'VoteResult',
  types: () => [VoteNow, PostNotFound, MembershipRequired, OwnPost, PrivilegeWithheld] as const,
});
type Result = Promise<typeof VoteResult>;

/** A member has one vote on a target, and may change or withdraw it at any time. */
export const vote = async (ctx: Ctx, { targetId, value }: VoteInput): Result => {
  const place = await reachPost(ctx, targetId, ['question', 'answer', 'comment', 'article']);
  return place === null ? new PostNotFound() : cast(ctx, { place, value });
};

interface Cast {
  readonly place: PostPlace;
  readonly value: VoteValue;
}

const cast = useCase(async (tx, { place, value }: Cast): Result => {
  const target = await lockPost(tx.db, place); // all votes on the target take turns from here on
  const member = await actingMember(tx, place.communityId);
  if (member === null) return new MembershipRequired();
  if (!mayVote(member, target)) return new OwnPost();
  const refusal = await refuse(tx, member, value);
  if (refusal !== null) return refusal;

  const [before] = await tx.db.query<Vote[]>(
    'SELECT id, value, version FROM vote WHERE target_id = $1 AND voter_id = $2',
    [place.id, member.memberId],
  );
  const change = toNumber(value) - (before?.value ?? 0);
  if (change !== 0) {
    const { id = newId<'Vote'>(), version = 0 } = before ?? {};
    const next = { id, version: version + 1, value: toNumber(value), voterId: member.memberId };
    await record(tx, { place, target, vote: next, accountId: member.accountId });
    await tx.db.query(`UPDATE ${place.type} SET score = score + $2 WHERE id = $1`, [
      place.id,
      change,
    ]);
  }
  const now = { value, score: target.score + change, targetId: place.id, targetType: place.type };
  return Object.assign(new VoteNow(), now);
});

/** To withdraw a vote takes no privilege. */
const refuse = (
  tx: Tx,
  member: Acting,
  value: VoteValue,
): Promise<PrivilegeWithheld | null> | null => {
  const number = toNumber(value);
  return number === 0 ? null : withheld(tx, member, number > 0 ? 'upvote' : 'downvote');
};

const record = async (
  tx: Tx,
  cast: {
    readonly place: PostPlace;
    readonly target: LockedPost;
    readonly vote: Pick<Vote, 'id' | 'version' | 'value' | 'voterId'>;
    readonly accountId: AccountId;
  },
): Promise<void> => {
  const { id: targetId, type: targetType, communityId } = cast.place;
  const { id: voteId, version, value, voterId } = cast.vote;
  await tx.db.query(
    `INSERT INTO vote (id, community_id, target_type, target_id, voter_id, value, version, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (id) DO UPDATE SET value = excluded.value, version = excluded.version`,
    [voteId, communityId, targetType, targetId, voterId, value, version, tx.now],
  );
  await tx.emit(VoteRecorded, {
    communityId,
    voteId,
    version,
    value,
    targetType,
    targetId,
    targetAuthorId: cast.target.authorId,
    voterId,
    ...(await accountOnRecord(tx, cast.accountId)),
    earnsPoints: !isCommunityOwned(cast.target, tx.now),
  });
};
