import { FavouriteRecorded, type QuestionId } from '@lyceum/contracts';
import { useCase, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { MembershipRequired } from '../communities/membership.errors';
import { actingMember } from '../communities/standing';
import { PostNotFound } from '../posts/post.errors';
import { reachPost } from '../posts/post.queries';
import { writtenRow } from '../posts/rows-by-id';
import { Question } from '../questions/question.entity';
import { lockQuestion } from '../questions/question.queries';

@InputType()
export class FavouriteQuestionInput {
  @Field(() => ID) questionId!: QuestionId;
  @Field(() => Boolean, { defaultValue: true, description: 'False no longer follows it.' })
  isFavourite!: boolean;
}

export const FavouriteQuestionResult = createUnionType({
  name: 'FavouriteQuestionResult',
  types: () => [Question, PostNotFound, MembershipRequired] as const,
});
type Result = Promise<typeof FavouriteQuestionResult>;

export const favouriteQuestion = async (ctx: Ctx, input: FavouriteQuestionInput): Result =>
  (await reachPost(ctx, input.questionId, ['question'])) === null
    ? new PostNotFound()
    : favourite(ctx, input);

const favourite = useCase(
  async (tx, { questionId, isFavourite }: FavouriteQuestionInput): Result => {
    const question = await lockQuestion(tx, questionId);
    const { communityId } = question;
    const member = await actingMember(tx, communityId);
    if (member === null) return new MembershipRequired();

    const [before] = await tx.db.query<{ isFavourite: boolean; version: number }[]>(
      'SELECT is_favourite AS "isFavourite", version FROM favourite WHERE question_id = $1 AND member_id = $2',
      [questionId, member.memberId],
    );
    if ((before?.isFavourite ?? false) === isFavourite) return question;
    const version = (before?.version ?? 0) + 1;
    await tx.db.query(
      `INSERT INTO favourite (question_id, member_id, community_id, is_favourite, version, created_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (question_id, member_id) DO UPDATE
       SET is_favourite = excluded.is_favourite, version = excluded.version`,
      [questionId, member.memberId, communityId, isFavourite, version, tx.now],
    );
    await tx.db.query('UPDATE question SET favourite_count = favourite_count + $2 WHERE id = $1', [
      questionId,
      isFavourite ? 1 : -1,
    ]);
    await tx.emit(FavouriteRecorded, {
      communityId,
      questionId,
      memberId: member.memberId,
      version,
      isFavourite,
    });
    return writtenRow(tx.db, Question, questionId);
  },
);
