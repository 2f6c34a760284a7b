import { newId, type AccountId, type CommunityId } from '@lyceum/contracts';
import { serviceContext } from '@lyceum/platform';
import { aMemberAs, askAs, outcomeAs } from '../ask-as.factory';
import { communityCreated } from '../deliver.factory';
import { aLivedInWorld, now, upvote, type LivedIn } from '../lived-in.factory';
import { moveNextContest } from './run-contests.job';

/* For tests: a world with contests. Each file of tests has one. */

let lived: LivedIn;

export const openWorld = async (): Promise<LivedIn> => {
  lived = await aLivedInWorld();
  return lived;
};

export type Somebody = Awaited<ReturnType<typeof aMemberAs>>;
export type Outcome = Record<string, unknown>;

export const hours = (n: number) => new Date(now.getTime() + n * 3_600_000).toISOString();

/** Opens in an hour, closes in two, is decided in three. */
export const usual = {
  kind: 'CONTENT',
  title: 'The best answer of May',
  opensAt: hours(1),
  closesAt: hours(2),
  decidesAt: hours(3),
  criteria: [{ name: 'idea', weight: 1 }],
  shares: [3, 2, 1],
  budget: 600,
};

export const act = (who: { accountId: AccountId } | null, mutation: string, input: object) =>
  outcomeAs(lived, who?.accountId ?? null, {
    ...{ mutation, input },
    select: `... on Contest { id status stake pool { amount staked won currency } jury { id } }
      ... on ContestEntry { id title place withdrawnAt removedBecause } ... on ContestNotThere { status }`,
  });

/** A community with an owner and members that have 50 points each, and one contest that was announced. */
export const aContest = async (
  told: object = {},
  { members = 3, isAnnounced = true }: { members?: number; isAnnounced?: boolean } = {},
) => {
  const communityId = newId<'Community'>();
  await lived.receive([communityCreated(communityId)]);
  const owner = await aMemberAs(lived, { role: 'owner', communityId });
  const others: Somebody[] = [];
  for (let n = 0; n < members; n += 1) others.push(await aRichMember(communityId));
  const draft = await act(owner, 'draftContest', { communityId, ...usual, ...told });
  const contestId = draft['id'] as string;
  if (isAnnounced) await act(owner, 'announceContest', { contestId });
  return {
    communityId,
    owner,
    contestId,
    draft,
    members: others as [Somebody, Somebody, Somebody],
  };
};

const aRichMember = async (communityId: CommunityId): Promise<Somebody> => {
  const member = await aMemberAs(lived, { role: 'member', communityId });
  await lived.receive(Array.from({ length: 5 }, () => upvote(communityId, member.memberId)));
  return member;
};

/** The clock strikes, and the worker does what is due. */
export const at = async (hour: number) => {
  lived.world.setNow(hours(hour));
  const ctx = serviceContext(lived.world.deps, 'test');
  while (await moveNextContest(ctx, undefined));
};

export const enter = (who: Somebody, contestId: string, told: object = {}) =>
  act(who, 'enterContest', {
    ...{ contestId, title: 'Mine', body: 'A text', idempotencyKey: newId(), ...told },
  });
export const judge = (who: Somebody, entryId: unknown, score: number) =>
  act(who, 'judgeContestEntry', { entryId, scores: [{ criterion: 'idea', score }] });
export const vote = (who: Somebody | null, entryId: unknown, isFor = true) =>
  act(who, 'voteForContestEntry', { entryId, isFor });

export const pointsOf = async ({ memberId }: Somebody) => {
  const [found] = await lived.ask<{
    points: number;
    spendablePoints: number;
    pointEntries: { edges: { node: { points: number; reason: string } }[] };
  }>(
    [{ __typename: 'Member', id: memberId }],
    '... on Member { points spendablePoints pointEntries(first: 3) { edges { node { points reason } } } }',
  );
  return found;
};

export const seen = async (who: Somebody, { communityId }: { communityId: CommunityId }) => {
  const source = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Community { contests { edges { node {
    id status quizKey questions { text choices } pool { amount staked won currency } myEntries { id title }
    entries { edges { node { id place member { id } prize { place amount currency paidAt }
      why { total jury votes quizPoints quizPointsOf tieDecidedBy } } } } } } } } } }`;
  const variables = { of: [{ __typename: 'Community', id: communityId }] };
  const { _entities } = await askAs(lived, who.accountId, { source, variables });
  const [community] = _entities as unknown as { contests: { edges: { node: Seen }[] } }[];
  const [edge] = community?.contests.edges ?? [];
  return edge?.node;
};

export interface Seen {
  status: string;
  quizKey: number[][] | null;
  questions: object[];
  pool: object;
  myEntries: { id: string }[];
  entries: { edges: { node: Outcome }[] };
}
export const entriesOf = (contest: Seen | undefined) =>
  contest?.entries.edges.map(({ node }) => node);
