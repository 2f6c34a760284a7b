import type { QuestionId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';

/** Which of the questions the viewer follows. */
export const viewerFavourites = async (
  ctx: Ctx,
  questionIds: readonly QuestionId[],
): Promise<ReadonlyMap<QuestionId, true>> => {
  if (ctx.actor.kind !== 'user') return new Map();
  const favourites = await ctx.db.query<{ questionId: QuestionId }[]>(
    `SELECT f.question_id AS "questionId"
     FROM favourite AS f JOIN membership AS m ON m.member_id = f.member_id
     WHERE m.account_id = $1 AND f.question_id = ANY($2::uuid[]) AND f.is_favourite`,
    [ctx.actor.accountId, questionIds],
  );
  return new Map(favourites.map(({ questionId }) => [questionId, true]));
};
