import { isId, newId, type CommunityId } from '@lyceum/contracts';
import { useCase, type Ctx } from '@lyceum/platform';
import { GraphQLJSONObject } from 'graphql-scalars';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import {
  actingMember,
  learnActingMember,
  mayAdminister,
  NotCommunityAdmin,
} from '../communities/acting-member';
import { readDraft } from './problems';
import {
  RuleDraft,
  RuleDraftChanged,
  RuleDraftNotFound,
  RulesInvalid,
  toDraft,
  type RuleDraftId,
} from './rule-draft.type';
import { draftById } from './rule-set.queries';

@InputType()
export class DraftRulesInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => GraphQLJSONObject, { description: 'As in `ruleSetJsonSchema`.' })
  definition!: Record<string, unknown>;
  @Field(() => GraphQLJSONObject, { nullable: true }) parameters?: Record<string, unknown> | null;
}

@InputType()
export class EditRuleDraftInput {
  @Field(() => ID) draftId!: RuleDraftId;
  @Field(() => Int, { description: 'The revision that you have seen.' }) revision!: number;
  @Field(() => GraphQLJSONObject) definition!: Record<string, unknown>;
  @Field(() => GraphQLJSONObject, { nullable: true }) parameters?: Record<string, unknown> | null;
}

export const DraftRulesResult = createUnionType({
  name: 'DraftRulesResult',
  types: () => [RuleDraft, RulesInvalid, NotCommunityAdmin] as const,
});
export const EditRuleDraftResult = createUnionType({
  name: 'EditRuleDraftResult',
  types: () =>
    [RuleDraft, RulesInvalid, RuleDraftNotFound, RuleDraftChanged, NotCommunityAdmin] as const,
});

/** Begins rules of a community's own: nothing is judged by them until they are activated. */
export const draftRules = async (
  ctx: Ctx,
  input: DraftRulesInput,
): Promise<typeof DraftRulesResult> => {
  const member = await learnActingMember(ctx, input.communityId);
  if (!mayAdminister(member)) return new NotCommunityAdmin();
  return draft(ctx, input);
};

const draft = useCase(async (tx, input: DraftRulesInput): Promise<typeof DraftRulesResult> => {
  const member = await actingMember(tx, input.communityId);
  if (member === null || !mayAdminister(member)) return new NotCommunityAdmin();
  const read = readInput(input);
  if (read instanceof RulesInvalid) return read;

  const row = {
    ...{ ...read, id: newId<'RuleDraft'>(), communityId: input.communityId, revision: 1 },
    ...{ editedAt: tx.now, editedBy: member.memberId },
  };
  await tx.db.query(
    `INSERT INTO rule_draft (id, community_id, definition, parameters, revision, edited_by, edited_at)
     VALUES ($1, $2, $3, $4, 1, $5, $6)`,
    [
      ...[row.id, row.communityId, JSON.stringify(row.definition), JSON.stringify(row.parameters)],
      ...[row.editedBy, row.editedAt],
    ],
  );
  return toDraft(row);
});

/** Replaces a draft by another text of it, unless somebody else was faster. */
export const editRuleDraft = async (
  ctx: Ctx,
  input: EditRuleDraftInput,
): Promise<typeof EditRuleDraftResult> => {
  const found = isId(input.draftId) ? await draftById(ctx.db, input.draftId) : null;
  if (found === null) return new RuleDraftNotFound();
  if (!mayAdminister(await learnActingMember(ctx, found.communityId)))
    return new NotCommunityAdmin();
  return edit(ctx, input);
};

const edit = useCase(async (tx, input: EditRuleDraftInput): Promise<typeof EditRuleDraftResult> => {
  const known = await draftById(tx.db, input.draftId, { lock: 'FOR UPDATE' });
  if (known === null) return new RuleDraftNotFound();
  const member = await actingMember(tx, known.communityId);
  if (member === null || !mayAdminister(member)) return new NotCommunityAdmin();
  if (known.revision !== input.revision) return new RuleDraftChanged(known.revision);
  const read = readInput(input);
  if (read instanceof RulesInvalid) return read;

  const row = {
    ...{ ...known, ...read, revision: known.revision + 1 },
    ...{ editedAt: tx.now, editedBy: member.memberId },
  };
  await tx.db.query(
    `UPDATE rule_draft SET definition = $2, parameters = $3, revision = $4, edited_by = $5, edited_at = $6
       WHERE id = $1`,
    [
      ...[row.id, JSON.stringify(row.definition), JSON.stringify(row.parameters)],
      ...[row.revision, row.editedBy, row.editedAt],
    ],
  );
  return toDraft(row);
});

const readInput = (input: Pick<DraftRulesInput, 'definition' | 'parameters'>) => {
  const parameters = input.parameters ?? {};
  const read = readDraft({ definition: input.definition, parameters });
  if (Array.isArray(read)) return new RulesInvalid(read);
  return {
    definition: read as Exclude<typeof read, readonly unknown[]>,
    parameters: parameters as Record<string, number>, // `readDraft` saw to it
  };
};
