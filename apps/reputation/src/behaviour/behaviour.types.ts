import { UserError } from '@lyceum/platform';
import {
  createUnionType,
  Field,
  ID,
  InputType,
  Int,
  ObjectType,
  registerEnumType,
} from 'type-graphql';

export enum BehaviourKind {
  VIEW = 'view',
  READ = 'read',
  SHARE = 'share',
  CLICK = 'click',
}
registerEnumType(BehaviourKind, {
  name: 'BehaviourKind',
  description: 'What somebody did without leaving a trace in the content.',
  valuesConfig: {
    VIEW: { description: 'Opened it.' },
    READ: { description: 'Had it before their eyes, for `durationMs`.' },
    SHARE: { description: 'Passed it on; `target` says where to.' },
    CLICK: { description: 'Followed a link or used a control; `target` says which.' },
  },
});

@InputType()
export class BehaviourInput {
  @Field(() => ID, {
    description: 'A UUID that the client makes; telling it again counts nothing twice.',
  })
  id!: string;

  @Field(() => BehaviourKind) kind!: BehaviourKind;

  @Field(() => ID, { description: 'A question, answer, comment or article of the community.' })
  subjectId!: string;

  @Field(() => Date, { description: 'At most 7 days ago.' }) occurredAt!: Date;

  @Field(() => Int, { nullable: true, description: 'For READ: milliseconds, at most 4 hours.' })
  durationMs?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'For SHARE and CLICK; at most 200 characters.',
  })
  target?: string | null;
}

@InputType()
export class BehaviourClientInput {
  @Field(() => ID, {
    nullable: true,
    description: 'For who has not logged in: a UUID that the browser keeps.',
  })
  visitorId?: string | null;

  @Field(() => String, { nullable: true, description: "The browser's own name." })
  userAgent?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether a program drives the browser (`navigator.webdriver`).',
  })
  isAutomated!: boolean;
}

@InputType()
export class RecordBehaviourInput {
  @Field(() => ID) communityId!: string;
  @Field(() => [BehaviourInput], { description: 'At most 100.' }) events!: BehaviourInput[];
  @Field(() => BehaviourClientInput, { nullable: true }) client?: BehaviourClientInput | null;
}

export enum BehaviourProblem {
  NOT_AN_ID = 'not-an-id',
  TOO_OLD = 'too-old',
  IN_THE_FUTURE = 'in-the-future',
  BAD_DURATION = 'bad-duration',
  BAD_TARGET = 'bad-target',
  UNKNOWN_SUBJECT = 'unknown-subject',
}
registerEnumType(BehaviourProblem, {
  name: 'BehaviourProblem',
  description: 'Why an event was not taken.',
  valuesConfig: {
    UNKNOWN_SUBJECT: {
      description: 'There is no such post here, or not yet: tell it again later.',
    },
  },
});

@ObjectType({ description: 'An event that was not taken. The others of its batch were.' })
export class RejectedBehaviour {
  @Field(() => ID) id!: string;
  @Field(() => BehaviourProblem) problem!: BehaviourProblem;
}

@ObjectType()
export class BehaviourRecorded {
  @Field(() => Int, { description: 'Events that are new.' }) accepted!: number;
  @Field(() => Int, { description: 'Events that had been told before.' }) known!: number;
  @Field(() => [RejectedBehaviour]) rejected!: RejectedBehaviour[];
}

@ObjectType({ implements: UserError })
export class BehaviourCommunityUnknown extends UserError {
  readonly code = 'COMMUNITY_UNKNOWN' as const;
  readonly message = 'There is no such community.';
}

@ObjectType({ implements: UserError })
export class TooManyBehaviours extends UserError {
  readonly code = 'TOO_MANY_EVENTS' as const;
  readonly message = 'A batch has at most 100 events.';
}

@ObjectType({ implements: UserError })
export class VisitorUnknown extends UserError {
  readonly code = 'VISITOR_UNKNOWN' as const;
  readonly message = 'Who has not logged in needs a visitorId, a UUID.';
}

export const RecordBehaviourResult = createUnionType({
  name: 'RecordBehaviourResult',
  types: () =>
    [BehaviourRecorded, BehaviourCommunityUnknown, TooManyBehaviours, VisitorUnknown] as const,
});
