import type { CommunityId, MemberId } from '@lyceum/contracts';
import { requireUser, UserError, type Ctx } from '@lyceum/platform';
import { Field, Int, ObjectType } from 'type-graphql';
import type { EntityManager } from 'typeorm';

/*
 * Who writes must have accepted the version of the community's rules that is in force. Identity publishes versions
 * and takes acceptances; this is what it told.
 */

@ObjectType({
  implements: UserError,
  description: 'Another version of the rules is in force than the member has accepted.',
})
export class RulesNotAccepted extends UserError {
  readonly code = 'RULES_NOT_ACCEPTED' as const;
  readonly message = 'The community has new rules: read and accept them first (`acceptCharter`).';
  @Field(() => Int, { description: 'The version to accept.' }) readonly version: number;
  constructor(version: number) {
    super();
    this.version = version;
  }
}

const query = `query ($memberId: ID!) { internalAcceptedCharter(memberId: $memberId) }`;

/**
 * Runs a post. Who has just accepted the rules may write at once, although the event is still on its way: when the
 * projection says no, identity is asked, and on another answer the post runs again.
 */
export const withRules = async <Outcome>(
  ctx: Ctx,
  communityId: CommunityId,
  post: () => Promise<Outcome>,
): Promise<Outcome> => {
  const outcome = await post();
  if (!(outcome instanceof RulesNotAccepted)) return outcome;
  return (await learnAcceptance(ctx, communityId)) >= outcome.version ? post() : outcome;
};

const learnAcceptance = async (ctx: Ctx, communityId: CommunityId): Promise<number> => {
  const [member] = await ctx.db.query<{ id: MemberId }[]>(
    'SELECT member_id AS id FROM membership WHERE community_id = $1 AND account_id = $2',
    [communityId, requireUser(ctx).accountId],
  );
  if (member === undefined) return 0;
  const { internalAcceptedCharter: version } = await ctx.deps.graph.query<{
    internalAcceptedCharter: number;
  }>('identity', { query, variables: { memberId: member.id } });
  if (version > 0) await recordAcceptances(ctx.db, [{ memberId: member.id, version }]);
  return version;
};

/** The highest version accepted counts, in whatever order they are told. */
export const recordAcceptances = (
  db: EntityManager,
  acceptances: readonly { readonly memberId: MemberId; readonly version: number }[],
): Promise<unknown> =>
  db.query(
    `INSERT INTO charter_acceptance (member_id, version)
     SELECT "memberId", max(version) FROM json_to_recordset($1::json) AS told ("memberId" uuid, version int)
     GROUP BY 1 ORDER BY 1
     ON CONFLICT (member_id) DO UPDATE SET version = greatest(charter_acceptance.version, excluded.version)`,
    [JSON.stringify(acceptances)],
  );
