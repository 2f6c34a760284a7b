import type { CommunityId, MemberId } from '@lyceum/contracts';
import { UserError } from '@lyceum/platform';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum ProposalKind {
  RULES = 'rules',
  EVENT = 'event',
}
registerEnumType(ProposalKind, {
  name: 'ProposalKind',
  description: 'What is voted on.',
  valuesConfig: {
    RULES: { description: 'The next version of the charter, in force once it is accepted.' },
    EVENT: { description: 'Something to do together; an accepted one is for its proposer to do.' },
  },
});

export enum ProposalState {
  OPEN = 'open',
  ACCEPTED = 'accepted',
  REJECTED = 'rejected',
  NO_QUORUM = 'no-quorum',
  WITHDRAWN = 'withdrawn',
}
registerEnumType(ProposalState, {
  name: 'ProposalState',
  description: 'What has become of a proposal.',
  valuesConfig: {
    ACCEPTED: { description: 'Enough have voted, and more for it than against it.' },
    NO_QUORUM: { description: 'Too few have voted.' },
  },
});

export enum ProposalChoice {
  AYE = 'aye',
  NO = 'no',
  ABSTAIN = 'abstain',
}
registerEnumType(ProposalChoice, {
  name: 'ProposalChoice',
  description: 'A vote; who abstains counts for the quorum alone.',
});

/** The texts that a proposal on rules would publish. */
export interface ProposedTexts {
  readonly positioning: string;
  readonly goals: string;
  readonly rules: string;
  readonly codeOfConduct: string;
}

@ObjectType({
  description: 'What a member proposes to the others. Its voters are fixed when it is opened.',
})
export class Proposal {
  @Field(() => ID) id!: string;
  communityId!: CommunityId;
  proposerId!: MemberId;
  @Field(() => ProposalKind) kind!: ProposalKind;
  @Field(() => String) title!: string;
  @Field(() => String, { description: 'Plain text: escape it to show it.' }) description!: string;
  change!: Partial<ProposedTexts>;
  @Field(() => Int, { description: 'How many of a hundred voters must vote.' })
  quorumPercent!: number;
  @Field(() => ProposalState) state!: ProposalState;
  @Field(() => Date) openedAt!: Date;
  @Field(() => Date) closesAt!: Date;
  @Field(() => Date, { nullable: true }) closedAt!: Date | null;
  @Field(() => Int, { description: 'Who may vote: the active members when it was opened.' })
  voters!: number;
  @Field(() => Int, {
    nullable: true,
    description: 'Counted when it is closed; nobody sees how it goes.',
  })
  ayes!: number | null;
  @Field(() => Int, { nullable: true }) noes!: number | null;
  @Field(() => Int, { nullable: true }) abstentions!: number | null;
  @Field(() => Int, { nullable: true, description: 'The version of the charter that came of it.' })
  charterVersion!: number | null;
}

@ObjectType({ implements: UserError, description: 'None, or none that the caller can see.' })
export class ProposalNotFound extends UserError {
  readonly code = 'PROPOSAL_NOT_FOUND' as const;
  readonly message = 'There is no such proposal.';
}

@ObjectType({ implements: UserError, description: 'Votes are taken until it is closed.' })
export class ProposalClosed extends UserError {
  readonly code = 'PROPOSAL_CLOSED' as const;
  readonly message = 'This proposal takes no more votes.';
}

@ObjectType({
  implements: UserError,
  description: 'The caller came after it was opened, or has left.',
})
export class NotAVoter extends UserError {
  readonly code = 'NOT_A_VOTER' as const;
  readonly message = 'You are not one of the voters of this proposal.';
}
