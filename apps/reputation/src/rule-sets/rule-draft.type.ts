import type { CommunityId, Id, MemberId } from '@lyceum/contracts';
import { UserError } from '@lyceum/platform';
import { GraphQLJSONObject, GraphQLLocalDate } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Member } from '../members/member.type';
import type { RuleSetDefinition } from '../rules';
import { RuleProblem } from './problems';

export type RuleDraftId = Id<'RuleDraft'>;

@ObjectType({ description: 'Rules that are being worked on; they judge nothing yet.' })
export class RuleDraft {
  @Field(() => ID) id!: RuleDraftId;
  @Field(() => Int, { description: 'Grows with each edit; an edit names the one it changes.' })
  revision!: number;
  @Field(() => GraphQLJSONObject, { description: 'As in `ruleSetJsonSchema`.' })
  definition!: RuleSetDefinition;
  @Field(() => GraphQLJSONObject, { description: 'Values of parameters that are not the default.' })
  parameters!: Record<string, number>;
  @Field(() => Date) editedAt!: Date;
  communityId!: CommunityId;
}

@ObjectType('RuleSet', { description: 'Rules of a community: one version in its history.' })
export class RuleSetVersion {
  @Field(() => Int) version!: number;
  @Field(() => String) name!: string;
  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description:
      'The first UTC day they judge; none: since ever. Of two for a day the later holds.',
  })
  activeFrom!: string | null;
  @Field(() => Boolean, {
    description: 'False while points of days that have passed are computed anew under them.',
  })
  isInForce!: boolean;
  @Field(() => GraphQLJSONObject) definition!: RuleSetDefinition;
  @Field(() => GraphQLJSONObject) parameters!: Record<string, number>;
  @Field(() => String, { nullable: true, description: 'Why they were activated.' })
  reason!: string | null;
  @Field(() => Int, { nullable: true, description: 'The version that they bring back.' })
  restores!: number | null;
  @Field(() => Member, { nullable: true }) activatedBy!: Member | null;
  @Field(() => Date, { nullable: true }) activatedAt!: Date | null;
  simulationId!: Id<'RuleSimulation'> | null;
}

@ObjectType({ implements: UserError })
export class RulesInvalid extends UserError {
  readonly code = 'RULES_INVALID' as const;
  readonly message: string;
  @Field(() => [RuleProblem]) readonly problems: readonly RuleProblem[];
  constructor(problems: readonly RuleProblem[]) {
    super();
    this.problems = problems;
    this.message = problems.map(({ where, problem }) => `${where}: ${problem}`.trim()).join('; ');
  }
}

@ObjectType({ implements: UserError })
export class RuleDraftNotFound extends UserError {
  readonly code = 'RULE_DRAFT_NOT_FOUND' as const;
  readonly message = 'There is no such draft, or it has been activated.';
}

@ObjectType({ implements: UserError })
export class RuleDraftChanged extends UserError {
  readonly code = 'RULE_DRAFT_CHANGED' as const;
  readonly message = 'Somebody else has edited the draft: look at it again first.';
  @Field(() => Int) readonly revision: number;
  constructor(revision: number) {
    super();
    this.revision = revision;
  }
}

@ObjectType({ implements: UserError })
export class RulesNotSimulated extends UserError {
  readonly code = 'RULES_NOT_SIMULATED' as const;
  readonly message = 'Simulate this revision of the draft first, to see whom it changes.';
}

@ObjectType({ implements: UserError })
export class RuleReasonMissing extends UserError {
  readonly code = 'RULE_REASON_MISSING' as const;
  readonly message = 'Say why, in 10 to 1000 characters: members will read it.';
}

@ObjectType({ implements: UserError })
export class RuleVersionNotFound extends UserError {
  readonly code = 'RULE_VERSION_NOT_FOUND' as const;
  readonly message = 'The community has never had that version of its rules.';
}

export interface DraftRow {
  readonly id: RuleDraftId;
  readonly communityId: CommunityId;
  readonly definition: RuleSetDefinition;
  readonly parameters: Record<string, number>;
  readonly revision: number;
  readonly editedAt: Date;
  readonly editedBy: MemberId;
}

export const toDraft = (row: DraftRow): RuleDraft => Object.assign(new RuleDraft(), row);
