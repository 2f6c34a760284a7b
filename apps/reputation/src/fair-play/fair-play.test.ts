import { importedId, newId, type CommunityId, type MemberId } from '@lyceum/contracts';
import { aMemberAs, askAs, outcomeAs } from '../ask-as.factory';
import { communityCreated } from '../deliver.factory';
import { aLivedInWorld, aVote, type LivedIn } from '../lived-in.factory';
import { dumpProjections } from '../replay/dump.factory';
import { replayAll } from '../replay/replay-all';
import { query } from '../sql';
import { aCommunityWithRings } from './generated-votes.factory';
import { inspectCommunity } from './inspect-votes.job';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
  lived.world.setNow('2021-07-01T00:00:00Z');
});
afterAll(() => lived.world.close());

const aCommunity = async (): Promise<CommunityId> => {
  const id = newId<'Community'>();
  await lived.receive([communityCreated(id)]);
  return id;
};
const totals = async (communityId: CommunityId) => {
  const rows = await query<{ id: MemberId; total: number }>(
    lived.world.db,
    'SELECT member_id AS id, total FROM member_standing WHERE community_id = $1 ORDER BY 1',
    [communityId],
  );
  return new Map(rows.map(({ id, total }) => [id, total]));
};
const series = (communityId: CommunityId, voter: MemberId, author: MemberId) =>
  Array.from({ length: 6 }, (_, i) =>
    aVote(communityId, { author, voter, value: 1, occurredAt: `2021-06-20T10:0${String(i)}:00Z` }),
  );

const casesSeenBy = async (account: Parameters<typeof askAs>[1], id: CommunityId) => {
  const found = await askAs(lived, account, {
    source: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Community {
      fairPlayCases { id kind status votes evidence members { id } dismissedBecause } } } }`,
    variables: { of: [{ __typename: 'Community', id }] },
  });
  const [community] = found['_entities'] as unknown as {
    fairPlayCases: Record<string, unknown>[] | null;
  }[];
  return community?.fairPlayCases ?? null;
};

it('takes back what a planted ring gave itself, and nothing of anybody else', async () => {
  const communityId = await aCommunity();
  const { votes, rings } = aCommunityWithRings(5, { members: 120 });
  const idOf = (name: string) => importedId<'Member'>(communityId, name);
  await lived.receive(
    votes.map(({ from, to, at }) =>
      aVote(communityId, {
        ...{ author: idOf(to), voter: idOf(from), value: 1, occurredAt: at.toISOString() },
      }),
    ),
  );
  const before = await totals(communityId);
  const cases = await inspectCommunity(lived.world.as(null), communityId);
  const after = await totals(communityId);

  expect(cases).toBeGreaterThanOrEqual(rings.length);
  const planted = new Set<string>(rings.flat().map(idOf));
  const losers = [...after]
    .filter(([id, total]) => total < (before.get(id) ?? 0))
    .map(([id]) => id);
  expect(losers.filter((id) => !planted.has(id))).toEqual([]);
  expect(losers.length / planted.size).toBeGreaterThanOrEqual(0.9);

  expect(await inspectCommunity(lived.world.as(null), communityId)).toBe(0); // nothing is found twice
  expect(await totals(communityId)).toEqual(after);
  await lived.receive([]);
  const live = await dumpProjections(lived.world.db);
  await replayAll(lived.world.db, communityId);
  expect(await dumpProjections(lived.world.db)).toEqual(live);
}, 60_000);

it('gives a series back when an owner says why, and does not take it again', async () => {
  const communityId = await aCommunity();
  const owner = await aMemberAs(lived, { role: 'owner', communityId });
  const member = await aMemberAs(lived, { role: 'member', communityId });
  const [voter, author] = [newId<'Member'>(), newId<'Member'>()];
  await lived.receive(series(communityId, voter, author));
  const points = async () => (await totals(communityId)).get(author);
  expect(await points()).toBe(60);
  expect(await inspectCommunity(lived.world.as(null), communityId)).toBe(1);
  expect(await points()).toBe(0);

  expect(await casesSeenBy(member.accountId, communityId)).toBeNull();
  const [found] = (await casesSeenBy(owner.accountId, communityId)) ?? [];
  expect(found).toMatchObject({
    ...{ kind: 'SERIES', status: 'REVERSED', votes: 6 },
    evidence: '6 upvotes of one member for another, 6 or more within an hour.',
    members: [{ id: voter }, { id: author }],
  });
  const dismiss = (who: typeof owner, reason: string) =>
    outcomeAs(lived, who.accountId, {
      mutation: 'dismissFairPlayCase',
      input: { caseId: found?.['id'], reason },
      select: '... on FairPlayCase { status dismissedBecause }',
    });
  expect(await dismiss(member, 'I want them back.')).toMatchObject({ code: 'NOT_COMMUNITY_ADMIN' });
  expect(await dismiss(owner, 'no')).toMatchObject({ code: 'DISMISSAL_REASON_MISSING' });
  const reason = 'They read the whole course in one evening.';
  expect(await dismiss(owner, reason)).toMatchObject({
    ...{ status: 'DISMISSED', dismissedBecause: reason },
  });
  expect(await points()).toBe(60);
  expect(await inspectCommunity(lived.world.as(null), communityId)).toBe(0);
  expect(await points()).toBe(60);
});

it('finds nothing twice when two look at once', async () => {
  const communityId = await aCommunity();
  await lived.receive(series(communityId, newId<'Member'>(), newId<'Member'>()));
  const found = await Promise.all(
    [1, 2, 3].map(() => inspectCommunity(lived.world.as(null), communityId)),
  );
  expect(found.sort()).toEqual([0, 0, 1]);
});
