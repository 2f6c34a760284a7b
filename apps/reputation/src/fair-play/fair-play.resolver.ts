import { isId, type CommunityId, type Id, type MemberId } from '@lyceum/contracts';
import { useCase, UserError, Scopes, type Ctx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import {
  Arg,
  Authorized,
  createUnionType,
  Ctx as Context,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import {
  actingMember,
  learnActingMember,
  mayAdminister,
  mayModerate,
  NotCommunityAdmin,
} from '../communities/acting-member';
import { Community } from '../communities/community.type';
import { aMember, Member } from '../members/member.type';
import { query } from '../sql';
import { restoreVotes } from './void-votes';

type CaseId = Id<'FairPlayCase'>;

export enum FairPlayKind {
  RING = 'ring',
  SERIES = 'series',
}
registerEnumType(FairPlayKind, {
  name: 'FairPlayKind',
  description:
    'RING: members vote for each other. SERIES: a member votes for, or against, one other.',
});
export enum FairPlayStatus {
  REVERSED = 'reversed',
  DISMISSED = 'dismissed',
}
registerEnumType(FairPlayStatus, { name: 'FairPlayStatus' });

@ObjectType({
  description: 'Votes that were taken back, why, and whether somebody gave them back.',
})
export class FairPlayCase {
  @Field(() => ID) id!: CaseId;
  @Field(() => FairPlayKind) kind!: `${FairPlayKind}`;
  @Field(() => FairPlayStatus) status!: `${FairPlayStatus}`;
  @Field(() => String, { description: 'What was found, in numbers.' }) evidence!: string;
  @Field(() => Int) votes!: number;
  @Field(() => [Member]) members!: readonly Member[];
  @Field(() => Date) foundAt!: Date;
  @Field(() => Date, { nullable: true }) dismissedAt!: Date | null;
  @Field(() => String, { nullable: true }) dismissedBecause!: string | null;
  communityId!: CommunityId;
  keys!: readonly string[];
}

@ObjectType({ implements: UserError })
export class FairPlayCaseNotFound extends UserError {
  readonly code = 'FAIR_PLAY_CASE_NOT_FOUND' as const;
  readonly message = 'There is no such case.';
}

@ObjectType({ implements: UserError })
export class DismissalReasonMissing extends UserError {
  readonly code = 'DISMISSAL_REASON_MISSING' as const;
  readonly message = 'Say why the votes were fair, in 10 to 1000 characters.';
}

@InputType()
export class DismissFairPlayCaseInput {
  @Field(() => ID) caseId!: CaseId;
  @Field(() => String) reason!: string;
}

export const DismissFairPlayCaseResult = createUnionType({
  name: 'DismissFairPlayCaseResult',
  types: () =>
    [FairPlayCase, FairPlayCaseNotFound, DismissalReasonMissing, NotCommunityAdmin] as const,
});

@Resolver(() => Community)
export class FairPlayResolver {
  @FieldResolver(() => [FairPlayCase], {
    nullable: true,
    description: 'The latest hundred; for the staff, none for others.',
  })
  async fairPlayCases(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
  ): Promise<FairPlayCase[] | null> {
    if (ctx.actor.kind !== 'user') return null;
    return mayModerate(await learnActingMember(ctx, id)) ? casesOf(ctx.db, id) : null;
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => DismissFairPlayCaseResult, {
    description: 'The votes were fair: gives them back, for owners and admins.',
  })
  dismissFairPlayCase(
    @Context() ctx: Ctx,
    @Arg('input', () => DismissFairPlayCaseInput) input: DismissFairPlayCaseInput,
  ): Promise<typeof DismissFairPlayCaseResult> {
    return dismissFairPlayCase(ctx, input);
  }
}

const dismissFairPlayCase = async (
  ctx: Ctx,
  input: DismissFairPlayCaseInput,
): Promise<typeof DismissFairPlayCaseResult> => {
  const found = isId(input.caseId) ? await caseById(ctx.db, input.caseId) : null;
  if (found === null) return new FairPlayCaseNotFound();
  return mayAdminister(await learnActingMember(ctx, found.communityId))
    ? dismiss(ctx, input)
    : new NotCommunityAdmin();
};

const dismiss = useCase(
  async (
    tx,
    { caseId, reason }: DismissFairPlayCaseInput,
  ): Promise<typeof DismissFairPlayCaseResult> => {
    const { length } = reason.trim();
    if (length < 10 || length > 1000) return new DismissalReasonMissing();
    const found = await caseById(tx.db, caseId, 'FOR UPDATE');
    if (found === null) return new FairPlayCaseNotFound();
    const member = await actingMember(tx, found.communityId);
    if (member === null || !mayAdminister(member)) return new NotCommunityAdmin();
    if (found.status === 'dismissed') return found;
    await tx.db.query(
      `UPDATE fair_play_case SET status = 'dismissed', dismissed_by = $2, dismissed_at = $3, dismissed_because = $4
       WHERE id = $1`,
      [found.id, member.memberId, tx.now, reason.trim()],
    );
    await restoreVotes(tx, { communityId: found.communityId, keys: found.keys });
    return (await caseById(tx.db, caseId)) ?? new FairPlayCaseNotFound();
  },
);

const columns = `id, community_id AS "communityId", kind, status, evidence, members AS "memberIds", vote_keys AS keys,
  found_at AS "foundAt", dismissed_at AS "dismissedAt", dismissed_because AS "dismissedBecause"`;

type Row = Omit<FairPlayCase, 'members' | 'votes'> & { readonly memberIds: readonly MemberId[] };

const toCase = ({ memberIds, ...row }: Row): FairPlayCase =>
  Object.assign(new FairPlayCase(), row, {
    members: memberIds.map(aMember),
    votes: row.keys.length,
  });

const caseById = async (
  db: EntityManager,
  id: CaseId,
  lock: '' | 'FOR UPDATE' = '',
): Promise<FairPlayCase | null> => {
  const [row] = await query<Row>(
    db,
    `SELECT ${columns} FROM fair_play_case WHERE id = $1 ${lock}`,
    [id],
  );
  return row ? toCase(row) : null;
};

const casesOf = async (db: EntityManager, communityId: CommunityId): Promise<FairPlayCase[]> => {
  const rows = await query<Row>(
    db,
    `SELECT ${columns} FROM fair_play_case WHERE community_id = $1 ORDER BY id DESC LIMIT 100`,
    [communityId],
  );
  return rows.map(toCase);
};
