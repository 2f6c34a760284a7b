import type { QuestionId } from '@lyceum/contracts';
import { useCase, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { MembershipRequired } from '../communities/membership.errors';
import { actingMember } from '../communities/standing';
import { NotEditor, NotModerator, PostNotFound } from '../posts/post.errors';
import { reachPost } from '../posts/post.queries';
import { writtenRow } from '../posts/rows-by-id';
import { notGranted } from '../privileges/gates';
import { PrivilegeWithheld } from '../privileges/privilege-withheld';
import { CloseReason, Question } from '../questions/question.entity';
import { lockQuestion } from '../questions/question.queries';
import { InvalidContent } from '../text/invalid-content';
import { SameQuestion } from './link-questions';
import { mayClose, mayReopen } from './link.policy';
import { addLink } from './link.writes';
import { LinkKind } from './post-link.entity';

@InputType()
export class CloseQuestionInput {
  @Field(() => ID) questionId!: QuestionId;
  @Field(() => CloseReason) reason!: CloseReason;
  @Field(() => ID, {
    nullable: true,
    description:
      'With the reason DUPLICATE: the question of the same community that has the answers.',
  })
  duplicateOfId?: QuestionId | null;
}

@InputType()
export class ReopenQuestionInput {
  @Field(() => ID) questionId!: QuestionId;
}

export const CloseQuestionResult = createUnionType({
  name: 'CloseQuestionResult',
  types: () =>
    [
      Question,
      PostNotFound,
      SameQuestion,
      InvalidContent,
      MembershipRequired,
      NotEditor,
      NotModerator,
      PrivilegeWithheld,
    ] as const,
});
type CloseResult = Promise<typeof CloseQuestionResult>;

export const ReopenQuestionResult = createUnionType({
  name: 'ReopenQuestionResult',
  types: () =>
    [Question, PostNotFound, MembershipRequired, NotModerator, PrivilegeWithheld] as const,
});
type ReopenResult = Promise<typeof ReopenQuestionResult>;

/** Closing what is closed gives it the new reason. */
export const closeQuestion = async (ctx: Ctx, input: CloseQuestionInput): CloseResult => {
  const { questionId, reason, duplicateOfId = null } = input;
  const question = await reachPost(ctx, questionId, ['question']);
  if (question === null) return new PostNotFound();
  const isDuplicate = reason === CloseReason.DUPLICATE;
  if (isDuplicate !== (duplicateOfId !== null))
    return new InvalidContent('duplicateOfId', 'goes with the reason DUPLICATE, and with no other');
  if (duplicateOfId === null) return close(ctx, { questionId, reason, duplicateOfId });

  const original = await reachPost(ctx, duplicateOfId, ['question']);
  if (original?.communityId !== question.communityId) return new PostNotFound();
  if (original.id === question.id) return new SameQuestion();
  return close(ctx, { questionId, reason, duplicateOfId });
};

interface Closing {
  readonly questionId: QuestionId;
  readonly reason: CloseReason;
  readonly duplicateOfId: QuestionId | null;
}

const close = useCase(async (tx, { questionId, reason, duplicateOfId }: Closing): CloseResult => {
  const question = await lockQuestion(tx, questionId);
  const { communityId } = question;
  const member = await actingMember(tx, communityId);
  if (member === null) return new MembershipRequired();
  const isDuplicate = duplicateOfId !== null;
  const refusal = mayClose(member, { question, isDuplicate })
    ? null
    : await notGranted(tx, member, {
        privilege: 'close-questions',
        otherwise: isDuplicate ? new NotEditor() : new NotModerator(),
      });
  if (refusal !== null) return refusal;

  await removeDuplicateLinks(tx, questionId);
  if (duplicateOfId !== null) {
    const link = { questionId, relatedQuestionId: duplicateOfId, kind: LinkKind.DUPLICATE };
    await addLink(tx, { ...link, communityId, by: member.memberId });
  }
  await tx.db.query(
    'UPDATE question SET closed_at = coalesce(closed_at, $2), close_reason = $3 WHERE id = $1',
    [questionId, tx.now, reason],
  );
  return writtenRow(tx.db, Question, questionId);
});

export const reopenQuestion = async (ctx: Ctx, input: ReopenQuestionInput): ReopenResult =>
  (await reachPost(ctx, input.questionId, ['question'])) === null
    ? new PostNotFound()
    : reopen(ctx, input);

const reopen = useCase(async (tx, { questionId }: ReopenQuestionInput): ReopenResult => {
  const question = await lockQuestion(tx, questionId);
  const member = await actingMember(tx, question.communityId);
  if (member === null) return new MembershipRequired();
  const refusal = mayReopen(member)
    ? null
    : await notGranted(tx, member, {
        privilege: 'close-questions',
        otherwise: new NotModerator(),
      });
  if (refusal !== null) return refusal;
  await removeDuplicateLinks(tx, questionId);
  await tx.db.query('UPDATE question SET closed_at = NULL, close_reason = NULL WHERE id = $1', [
    questionId,
  ]);
  return writtenRow(tx.db, Question, questionId);
});

const removeDuplicateLinks = (tx: Tx, questionId: QuestionId): Promise<unknown> =>
  tx.db.query(`DELETE FROM post_link WHERE question_id = $1 AND kind = 'duplicate'`, [questionId]);
