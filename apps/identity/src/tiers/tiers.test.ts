import { newId, type CommunityId, type MemberId } from '@lyceum/contracts';
import { serviceContext } from '@lyceum/platform';
import fc from 'fast-check';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';
import { recordFacts, type FactsOfMember } from './record-facts';
import { refreshFacts } from './refresh-facts.job';
import { segmentOf, tierOf, tiers } from './tier';

const none = {
  contributions: 0,
  acceptedAnswers: 0,
  recentContributions: 0,
  lessonsCompleted: 0,
  lastActiveAt: null,
};

describe('tierOf', () => {
  it.each([
    [{}, 'novice'],
    [{ contributions: 19 }, 'novice'],
    [{ contributions: 20 }, 'intermediate'],
    [{ contributions: 4, acceptedAnswers: 4 }, 'intermediate'],
    [{ lessonsCompleted: 10 }, 'intermediate'],
    [{ contributions: 20, acceptedAnswers: 20 }, 'advanced'],
    [{ lessonsCompleted: 40 }, 'advanced'],
  ])('%j is %s', (facts, tier) => {
    expect(tierOf({ ...none, ...facts }).tier).toBe(tier);
  });

  it('never falls when facts rise', () => {
    const facts = fc.record({
      contributions: fc.nat(200),
      acceptedAnswers: fc.nat(50),
      lessonsCompleted: fc.nat(80),
    });
    fc.assert(
      fc.property(facts, facts, (some, more) => {
        const before = tierOf({ ...none, ...some }).tier;
        const after = tierOf({
          ...none,
          contributions: some.contributions + more.contributions,
          acceptedAnswers: some.acceptedAnswers + more.acceptedAnswers,
          lessonsCompleted: some.lessonsCompleted + more.lessonsCompleted,
        }).tier;
        expect(tiers.indexOf(after)).toBeGreaterThanOrEqual(tiers.indexOf(before));
      }),
    );
  });
});

describe('segmentOf', () => {
  const now = new Date('2026-07-01T00:00:00Z');
  const before = (days: number) => new Date(now.getTime() - days * 86_400_000);
  it.each([
    ['champion', { recentContributions: 20, contributions: 20, lastActiveAt: before(29) }, 300],
    ['newcomer', { recentContributions: 1, contributions: 1, lastActiveAt: before(1) }, 13],
    ['regular', { recentContributions: 1, contributions: 1, lastActiveAt: before(29) }, 300],
    ['slipping-away', { recentContributions: 9, contributions: 5, lastActiveAt: before(30) }, 300],
    ['dormant', { contributions: 5, lastActiveAt: before(180) }, 300],
    ['dormant', { contributions: 4, lastActiveAt: before(30) }, 300],
    ['dormant', {}, 300],
  ])('%s', (segment, facts, joinedDaysAgo) => {
    expect(segmentOf({ ...none, ...facts }, { joinedAt: before(joinedDaysAgo), now })).toBe(
      segment,
    );
  });
});

describe('tiers and segments', () => {
  let world: IdentityWorld;
  let owner: Person;
  let communityId: CommunityId;
  let told: object[];
  const asked: Record<string, unknown>[] = [];
  beforeAll(async () => {
    world = await identityWorld();
    const query = (_: string, { variables }: { variables: Record<string, unknown> }) => {
      asked.push(variables);
      const rows = variables['after'] === null ? told : [];
      return Promise.resolve({ internalParticipation: JSON.stringify(rows) } as never);
    };
    Object.assign(world.deps, { graph: { query } }); // the same deps: contexts have them too
  });
  beforeEach(async () => {
    world.setNow('2026-01-01T00:00:00Z');
    await world.db.query('DELETE FROM fact_cursor');
    asked.length = 0;
    told = [];
    owner = await world.person();
    ({ id: communityId } = await world.community(owner));
  });
  afterAll(() => world.close());

  const facts = (memberId: MemberId, more: Partial<FactsOfMember> = {}): FactsOfMember => ({
    ...none,
    memberId,
    ...more,
  });
  const record = (all: FactsOfMember[]) => recordFacts(serviceContext(world.deps, 'test'), all);
  const look = async (id: MemberId, who: Person | null) =>
    (
      await world.ask<{ member: { tier: string; tierHistory: object[] } }>(
        'query ($id: ID!) { member(id: $id) { tier tierHistory { fromTier toTier reason } } }',
        { id },
        who,
      )
    ).data.member;

  it('a change of tier is logged with its reason, once, and seen by who may', async () => {
    const person = await world.person();
    const id = await world.member(person, communityId);
    expect(await look(id, null)).toEqual({ tier: 'NOVICE', tierHistory: [] });
    for (const _ of [1, 2]) await record([facts(id, { contributions: 20 })]);
    const change = {
      fromTier: 'novice',
      toTier: 'intermediate',
      reason: '20 contributions, 0 accepted answers',
    };
    expect(await look(id, person)).toEqual({ tier: 'INTERMEDIATE', tierHistory: [change] });
    expect(await look(id, owner)).toMatchObject({ tierHistory: [change] });
    expect(await look(id, null)).toEqual({ tier: 'INTERMEDIATE', tierHistory: [] });
  });

  it('facts of members that are not here are passed over; at once they do not deadlock', async () => {
    const ids = await Promise.all(
      Array.from({ length: 6 }, async () => world.member(await world.person(), communityId)),
    );
    await Promise.all(
      Array.from({ length: 6 }, (_, n) => {
        const all = ids.map((id) => facts(id, { contributions: 100 }));
        return record([...(n % 2 === 0 ? all : all.reverse()), facts(newId<'Member'>())]);
      }),
    );
    expect(await look(ids[0] as MemberId, owner)).toMatchObject({ tier: 'ADVANCED' });
  });

  it('content is asked for what is new since the last look, with an overlap', async () => {
    const id = await world.member(await world.person(), communityId);
    told = [{ ...facts(id, { contributions: 25 }), lastActiveAt: '2025-12-31T00:00:00Z' }];
    const run = () =>
      refreshFacts.run(
        {
          deps: world.deps,
          ctx: serviceContext(world.deps, 'job'),
          signal: new AbortController().signal,
        },
        {},
      );
    await run();
    expect(await look(id, owner)).toMatchObject({ tier: 'INTERMEDIATE' });
    await run();
    expect(asked.map(({ since }) => since)).toEqual([
      '1970-01-01T00:00:00.000Z',
      '2025-12-31T23:55:00.000Z',
    ]);
  });

  it('segments count everybody and name only who agreed to it', async () => {
    const [agreed, refused, silent] = await Promise.all([
      world.person(),
      world.person(),
      world.person(),
    ]);
    const ids = await Promise.all(
      [agreed, refused, silent].map((p) => world.member(p, communityId)),
    );
    await world.db.query(`UPDATE member SET joined_at = '2025-01-01T00:00:00Z'`);
    await record(
      ids.map((id) =>
        facts(id, {
          contributions: 30,
          recentContributions: 30,
          lastActiveAt: new Date('2025-12-30T00:00:00Z'),
        }),
      ),
    );
    const consent = (who: Person, isGiven: boolean) =>
      world.ask(
        'mutation ($input: SetConsentInput!) { setConsent(input: $input) { version } }',
        { input: { purpose: 'PROFILING', isGiven } },
        who,
      );
    await consent(agreed, true);
    await consent(refused, true);
    await consent(refused, false);
    const query = `query ($communityId: ID!) {
      segments(communityId: $communityId) { segment members profiled }
      segmentMembers(communityId: $communityId, segment: CHAMPION) { edges { node { handle } } } }`;
    const { data } = await world.ask<{ segments: object[]; segmentMembers: object }>(
      query,
      { communityId },
      owner,
    );
    expect(data.segments).toContainEqual({ segment: 'CHAMPION', members: 3, profiled: 1 });
    expect(data.segments).toContainEqual({ segment: 'DORMANT', members: 1, profiled: 0 });
    expect(data.segmentMembers).toEqual({ edges: [{ node: { handle: agreed.handle } }] });
    const analyst = await world.person();
    await world.member(analyst, communityId, { role: 'analyst' });
    expect((await world.ask(query, { communityId }, analyst)).codes).toEqual([]);
    const moderator = await world.person();
    await world.member(moderator, communityId, { role: 'moderator' });
    for (const who of [moderator, silent])
      expect((await world.ask(query, { communityId }, who)).codes).toContain('FORBIDDEN');
  });
});
