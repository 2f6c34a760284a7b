import { roles, type CommunityId } from '@lyceum/contracts';
import { serviceContext } from '@lyceum/platform';
import { emitted } from '@lyceum/testing';
import fc from 'fast-check';
import { verifyAuditLog } from '../audit/verify-audit-log';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';
import { closeProposals } from './close-proposals.job';
import { outcomeOf } from './outcome';

describe('self-governance', () => {
  let world: IdentityWorld;
  let owner: Person;
  let communityId: CommunityId;
  let members: Person[];
  beforeAll(async () => {
    world = await identityWorld();
  });
  beforeEach(async () => {
    world.setNow('2026-01-01T00:00:00Z');
    owner = await world.person();
    ({ id: communityId } = await world.community(owner));
    members = [];
    for (let n = 0; n < 4; n += 1) {
      const person = await world.person();
      await world.member(person, communityId);
      members.push(person);
    }
    await world.db.query('TRUNCATE outbox');
  });
  afterAll(() => world.close());

  type Outcome = Record<string, unknown>;
  const run = async (name: string, input: object, who: Person): Promise<Outcome> => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const { data, codes } = await world.ask<Record<string, Outcome | undefined>>(
      `mutation ($input: ${type}!) { ${name}(input: $input) { __typename
        ... on UserError { code } ... on Proposal { id state voters viewerChoice } } }`,
      { input },
      who,
    );
    return data[name] ?? { code: codes[0] };
  };
  const open = (more: object = {}, who = owner) =>
    run(
      'openProposal',
      {
        communityId,
        kind: 'RULES',
        title: 'Be kinder',
        rules: 'Be kind.',
        quorumPercent: 40,
        ...more,
      },
      who,
    );
  const vote = (proposalId: unknown, choice: string, who: Person) =>
    run('voteOnProposal', { proposalId, choice }, who);
  const closeAt = async (now: string) => {
    world.setNow(now);
    await closeProposals.run(
      {
        deps: world.deps,
        ctx: serviceContext(world.deps, 'job'),
        signal: new AbortController().signal,
      },
      {},
    );
    world.setNow('2026-01-01T00:00:00Z'); // tokens end after ten minutes
  };
  const look = async (id: unknown, who: Person | null = owner) =>
    (
      await world.ask<{ proposal: Outcome | null }>(
        'query ($id: ID!) { proposal(id: $id) { state ayes noes abstentions charterVersion proposedRules } }',
        { id },
        who,
      )
    ).data.proposal;
  const rulesNow = async () =>
    (
      await world.ask<{ community: { charter: { version: number; rules: string } | null } }>(
        'query ($id: ID!) { community(id: $id) { charter { version rules } } }',
        { id: communityId },
        owner,
      )
    ).data.community.charter;

  it('accepted rules are in force by themselves, told to all, and in the audit log', async () => {
    const { id, voters } = await open();
    expect(voters).toBe(5);
    expect(await vote(id, 'AYE', owner)).toMatchObject({ viewerChoice: 'AYE' });
    await vote(id, 'NO', members[0] as Person);
    await vote(id, 'AYE', members[1] as Person);
    expect(await look(id)).toMatchObject({ state: 'OPEN', ayes: null }); // nobody sees how it goes
    await closeAt('2026-01-07T23:59:59Z');
    expect(await rulesNow()).toBeNull();
    await Promise.all([closeAt('2026-01-08T00:00:00Z'), closeAt('2026-01-08T00:00:00Z')]);
    expect(await look(id)).toMatchObject({
      state: 'ACCEPTED',
      ayes: 2,
      noes: 1,
      abstentions: 0,
      charterVersion: 1,
    });
    world.setNow('2026-01-08T00:00:00Z');
    const { data } = await world.ask<{ community: { charter: object } }>(
      'query ($id: ID!) { community(id: $id) { charter { version rules } } }',
      { id: communityId },
    );
    expect(data.community.charter).toEqual({ version: 1, rules: 'Be kind.' });
    expect((await emitted(world.db)).map(({ type }) => type)).toEqual([
      'identity.charter.published.v1',
    ]);
    const acts = await world.db.query<{ action: string; kind: string }[]>(
      'SELECT action, actor_kind AS kind FROM audit_entry WHERE community_id = $1 ORDER BY position',
      [communityId],
    );
    expect(acts).toEqual([
      { action: 'proposal.opened', kind: 'user' },
      { action: 'charter.published', kind: 'service' },
      { action: 'proposal.closed', kind: 'service' },
    ]);
    expect((await verifyAuditLog(world.db)).faults).toEqual([]);
  });

  it('without a quorum, or with as many against, nothing changes', async () => {
    const few = await open();
    await vote(few['id'], 'AYE', owner);
    const tie = await open();
    await vote(tie['id'], 'AYE', owner);
    await vote(tie['id'], 'NO', members[0] as Person);
    const abstained = await open();
    await vote(abstained['id'], 'AYE', owner);
    await vote(abstained['id'], 'ABSTAIN', members[0] as Person);
    await closeAt('2026-01-08T00:00:00Z');
    expect(await look(few['id'])).toMatchObject({ state: 'NO_QUORUM', charterVersion: null });
    expect(await look(tie['id'])).toMatchObject({ state: 'REJECTED', charterVersion: null });
    expect(await look(abstained['id'])).toMatchObject({ state: 'ACCEPTED', abstentions: 1 });
  });

  it('voters are fixed when it is opened; who leaves has no say, who comes later none either', async () => {
    const { id } = await open();
    const late = await world.person();
    await world.member(late, communityId);
    expect(await vote(id, 'AYE', late)).toMatchObject({ code: 'NOT_A_VOTER' });
    expect(await vote(id, 'AYE', await world.person())).toMatchObject({ code: 'NOT_A_VOTER' });
    await vote(id, 'AYE', owner);
    for (const person of members.slice(0, 2)) await vote(id, 'NO', person);
    for (const person of members.slice(0, 2))
      await world.db.query(`UPDATE member SET status = 'banned' WHERE account_id = $1`, [
        person.id,
      ]);
    expect(await vote(id, 'NO', members[0] as Person)).toMatchObject({ code: 'NOT_A_VOTER' });
    await vote(id, 'ABSTAIN', members[2] as Person);
    await closeAt('2026-01-08T00:00:00Z');
    expect(await look(id)).toMatchObject({ state: 'ACCEPTED', ayes: 1, noes: 0, abstentions: 1 });
  });

  it('a vote counts once, however often and at once it is changed', async () => {
    const { id } = await open();
    await Promise.all(
      Array.from({ length: 10 }, (_, n) => vote(id, n % 2 === 0 ? 'AYE' : 'NO', owner)),
    );
    await vote(id, 'NO', owner);
    await vote(id, 'ABSTAIN', members[0] as Person);
    await closeAt('2026-01-08T00:00:00Z');
    expect(await look(id)).toMatchObject({ ayes: 0, noes: 1, abstentions: 1 });
    expect(await vote(id, 'AYE', owner)).toMatchObject({ code: 'PROPOSAL_CLOSED' });
  });

  it('proposals are opened by trusted roles, withdrawn by who made them and who governs', async () => {
    const seen: Record<string, unknown> = {};
    for (const role of roles) {
      const person = await world.person();
      await world.member(person, communityId, { role });
      seen[role] = (await open({}, person))['code'] ?? 'opened';
    }
    expect(seen).toEqual({
      owner: 'opened',
      admin: 'opened',
      moderator: 'opened',
      expert: 'opened',
      lecturer: 'opened',
      contributor: 'opened',
      analyst: 'FORBIDDEN',
      member: 'FORBIDDEN',
    });
    const { id: proposalId } = await open();
    const withdraw = (who: Person) => run('withdrawProposal', { proposalId }, who);
    expect(await withdraw(members[0] as Person)).toEqual({ code: 'FORBIDDEN' });
    expect(await withdraw(owner)).toMatchObject({ state: 'WITHDRAWN' });
    expect(await withdraw(owner)).toMatchObject({ code: 'PROPOSAL_CLOSED' });
    await closeAt('2026-01-08T00:00:00Z');
    expect(await look(proposalId)).toMatchObject({ state: 'WITHDRAWN', ayes: null });
  });

  it('those of a private community are there for its members alone', async () => {
    const { id: hidden } = await world.community(owner, { visibility: 'PRIVATE' });
    const { id } = await open({ communityId: hidden });
    const stranger = members[0] as Person;
    expect(await look(id)).not.toBeNull();
    expect(await look(id, stranger)).toBeNull();
    expect(await vote(id, 'AYE', stranger)).toMatchObject({ code: 'PROPOSAL_NOT_FOUND' });
    expect(await vote('nonsense', 'AYE', stranger)).toMatchObject({ code: 'PROPOSAL_NOT_FOUND' });
    const list = `query ($communityId: ID!) { proposals(communityId: $communityId) { edges { node { id } } } }`;
    expect((await world.ask(list, { communityId: hidden }, stranger)).data).toEqual({
      proposals: { edges: [] },
    });
    expect((await world.ask(list, { communityId: hidden }, owner)).data).toEqual({
      proposals: { edges: [{ node: { id } }] },
    });
  });

  it.each([
    { days: 0 },
    { days: 31 },
    { quorumPercent: 0 },
    { quorumPercent: 101 },
    { title: '' },
    { rules: '' },
  ])('refuses %j', async (input) => {
    expect(await open(input)).toEqual({ code: 'BAD_INPUT' });
  });

  it('the outcome does not depend on names: more ayes than noes among enough votes', () => {
    const count = fc.nat({ max: 50 });
    fc.assert(
      fc.property(count, count, count, count, fc.integer({ min: 1, max: 100 }), (...numbers) => {
        const [ayes, noes, abstentions, silent, quorumPercent] = numbers;
        const voted = ayes + noes + abstentions;
        const voters = voted + silent;
        fc.pre(voters > 0);
        const outcome = outcomeOf({ voters, ayes, noes, abstentions, quorumPercent });
        const isEnough = voted / voters >= quorumPercent / 100 - 1e-12;
        expect(outcome).toBe(!isEnough ? 'no-quorum' : ayes > noes ? 'accepted' : 'rejected');
      }),
    );
  });
});
