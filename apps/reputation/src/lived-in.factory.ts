import {
  MemberJoined,
  MembershipChanged,
  newId,
  QuestionAsked,
  VoteRecorded,
  type CommunityId,
  type Envelope,
  type MemberId,
} from '@lyceum/contracts';
import type { Deps } from '@lyceum/platform';
import { testWorld, type TestWorld } from '@lyceum/testing';
import fc from 'fast-check';
import type { GraphQLSchema } from 'graphql';
import { createApp } from './app';
import { askEntities } from './ask.factory';
import { consumersOf } from './consumers';
import { database } from './database';
import { anEvent, communityCreated, deliver, settle } from './deliver.factory';
import { aHistory, communityId } from './points/history.arbitrary';

export interface LivedIn {
  readonly world: TestWorld;
  readonly schema: GraphQLSchema;
  /** Delivers events and all that follows from them. */
  receive(events: readonly Envelope[], deps?: Deps): Promise<void>;
  ask<Entity>(
    of: readonly { __typename: string; id: string }[],
    selection: string,
  ): Promise<Entity[]>;
}

export const now = new Date('2021-05-04T12:00:00Z');
export const parameters = { questionUpvote: 5 };

/** A world with one community, in New York, that has some hundred activities behind it. */
export const aLivedInWorld = async (): Promise<LivedIn> => {
  const world = await testWorld({ app: 'reputation', database, now: now.toISOString() });
  const { schema } = createApp(world.deps);
  const receive = async (events: readonly Envelope[], deps: Deps = world.deps) => {
    await deliver(deps, consumersOf(deps.signals), events);
    await settle(deps, consumersOf(deps.signals));
  };
  const [history] = fc.sample(aHistory({ things: 300 }), { numRuns: 1, seed: 3 });
  await receive([communityCreated(communityId, { parameters, timeZone: 'America/New_York' })]);
  await receive(history ?? []);
  return {
    world,
    schema,
    receive,
    ask: (of, selection) => askEntities({ schema, ctx: world.as(null) }, of, selection),
  };
};

export const joined = (id: CommunityId, memberId: MemberId) =>
  anEvent(
    MemberJoined,
    { communityId: id, memberId, accountId: newId<'Account'>() },
    { occurredAt: '2021-05-01T00:00:00Z' },
  );

export const membership = (
  id: CommunityId,
  memberId: MemberId,
  told: { role?: 'admin' | 'member'; status?: 'active' | 'left'; version?: number },
) =>
  anEvent(MembershipChanged, {
    communityId: id,
    memberId,
    accountId: newId<'Account'>(),
    role: 'member',
    status: 'active',
    version: 1,
    ...told,
  });

export const asked = (id: CommunityId, authorId: MemberId) =>
  anEvent(
    QuestionAsked,
    { communityId: id, questionId: newId<'Question'>(), authorId },
    { occurredAt: '2021-05-04T10:00:00Z' },
  );

export const aVote = (
  id: CommunityId,
  vote: { author: MemberId; voter?: MemberId; value: 1 | -1; occurredAt: string },
) =>
  anEvent(
    VoteRecorded,
    {
      communityId: id,
      voteId: newId<'Vote'>(),
      version: 1,
      value: vote.value,
      targetType: 'answer',
      targetId: newId<'Answer'>(),
      targetAuthorId: vote.author,
      voterId: vote.voter ?? null,
      earnsPoints: true,
    },
    { occurredAt: vote.occurredAt },
  );
export const upvote = (id: CommunityId, author: MemberId) =>
  aVote(id, { author, value: 1, occurredAt: '2021-05-04T11:59:00Z' });
export const downvote = (
  id: CommunityId,
  { voter, author }: { voter: MemberId; author: MemberId },
) => aVote(id, { author, voter, value: -1, occurredAt: '2021-05-04T11:00:00Z' });
