import { newId, type AccountId, type MemberId } from '@lyceum/contracts';
import {
  actors,
  byOwner,
  describeRights,
  isActive,
  ownerOr,
  testWorld,
  type ActorName,
  type Operation,
  type TestWorld,
} from '@lyceum/testing';
import { createApp } from './app';
import { recordMemberships } from './leaderboard/record-membership.consumer';
import { consumersOf } from './consumers';
import { database } from './database';
import { communityCreated, deliver, settle } from './deliver.factory';
import { joined, upvote } from './lived-in.factory';
import { presets } from './rules';

interface Person {
  readonly accountId: AccountId;
  readonly memberId: MemberId;
  readonly role: string;
  readonly status: string;
}
type About = Parameters<Operation<Person>['make']>[0];

let world: TestWorld;
const communityId = newId<'Community'>();
const people = new Map<AccountId, Person>();

/** As identity answers, who is asked of analysts each time. */
const identity = ({ communityId: of, accountId }: Record<string, unknown>) => {
  const person = people.get(accountId as AccountId);
  const isHere = of === communityId && person !== undefined && person.status !== 'stranger';
  return { internalMembership: isHere ? { ...person, communityId, version: 1 } : null };
};

const aPerson = async (role: string, status = 'active'): Promise<Person> => {
  const person = { accountId: newId<'Account'>(), memberId: newId<'Member'>(), role, status };
  people.set(person.accountId, person);
  if (status === 'stranger') return person;
  await deliver(world.deps, consumersOf(world.deps.signals), [
    joined(communityId, person.memberId),
    ...Array.from({ length: 8 }, () => upvote(communityId, person.memberId)),
  ]);
  await recordMemberships(world.db, [{ ...person, communityId, version: 2 } as never]);
  await settle(world.deps, consumersOf(world.deps.signals));
  return person;
};

const insert = async (table: string, row: Record<string, unknown>): Promise<string> => {
  const id = newId();
  const whole = { id, community_id: communityId, ...row };
  const names = Object.keys(whole).map((name) => `"${name}"`);
  await world.db.query(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((_, i) => `$${String(i + 1)}`).join(', ')})`,
    Object.values(whole),
  );
  return id;
};

const aGift = () =>
  insert('gift', { title: 'A mug', description: '', price: 1, stock: 99, needs_approval: true });

const aRedemption = async ({ owner }: About) => ({
  redemptionId: await insert('gift_redemption', {
    ...{ gift_id: await aGift(), member_id: owner.memberId, price: 1 },
    ...{ status: 'requested', requested_at: new Date() },
  }),
});

const definition = presets[0];
const aDraft = async () => ({
  draftId: await insert('rule_draft', {
    ...{ definition: JSON.stringify(definition), parameters: '{}', revision: 1 },
    ...{ edited_by: newId(), edited_at: new Date() },
  }),
  revision: 1,
});
const aSimulation = async (draft: { draftId: string }) =>
  insert('rule_simulation', {
    ...{ draft_id: draft.draftId, draft_revision: 1, definition: JSON.stringify(definition) },
    ...{ parameters: '{}', status: 'done', requested_by: newId(), requested_at: new Date() },
    ...{ finished_at: new Date(), summary: '{"months":[]}' },
  });

const ofCommunity = (field: string): Pick<Operation<Person>, 'document' | 'make' | 'whose'> => ({
  document: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Community { ${field} } } }`,
  make: () => ({ of: [{ __typename: 'Community', id: communityId }] }),
  whose: ['other'],
});

const manage = { right: 'incentives.manage', refusals: ['NOT_COMMUNITY_ADMIN'] } as const;
const analyse = {
  right: 'metrics.read',
  refusals: ['NOT_ANALYST', 'ALERT_RULE_NOT_FOUND'],
} as const;
const range = 'from: "2026-01-01", to: "2026-01-01"';

const operations: Record<string, Operation<Person>> = {
  draftRules: { ...manage, whose: ['other'], make: () => ({ input: { communityId, definition } }) },
  editRuleDraft: { ...manage, make: async () => ({ input: { ...(await aDraft()), definition } }) },
  simulateRules: {
    ...manage,
    make: async () => {
      await world.db.query(`UPDATE rule_simulation SET status = 'done' WHERE status = 'queued'`);
      return { input: await aDraft() };
    },
  },
  activateRules: {
    ...manage,
    make: async () => {
      const draft = await aDraft();
      await aSimulation(draft);
      return { input: { ...draft, reason: 'Good answers are worth more.' } };
    },
  },
  rollBackRules: {
    ...manage,
    whose: ['other'],
    make: () => ({ input: { communityId, version: 1, reason: 'It was too much.' } }),
  },
  ruleSimulation: {
    right: 'incentives.manage',
    refusals: ['null'],
    document: 'query ($id: ID!) { ruleSimulation(id: $id) { id } }',
    make: async () => ({ id: await aSimulation(await aDraft()) }),
  },
  'drafts of rules': {
    ...ofCommunity('ruleDrafts { id }'),
    right: 'incentives.manage',
    refusals: ['null'],
  },
  offerGift: {
    ...manage,
    whose: ['other'],
    make: () => ({ input: { communityId, title: 'A mug', price: 1, stock: 1 } }),
  },
  changeGift: {
    ...manage,
    make: async () => ({ input: { giftId: await aGift(), addToStock: 1 } }),
  },
  decideRedemption: {
    ...manage,
    make: async (about) => ({ input: { ...(await aRedemption(about)), status: 'APPROVED' } }),
  },
  'all redemptions': {
    ...ofCommunity('giftRedemptions { edges { node { id } } }'),
    ...{ right: 'incentives.manage', refusals: ['null'] },
  },
  configureLeaderboards: {
    ...manage,
    whose: ['other'],
    make: () => ({ input: { communityId, isStaffRanked: true } }),
  },
  dismissFairPlayCase: {
    ...manage,
    make: async ({ owner }) => ({
      input: {
        caseId: await insert('fair_play_case', {
          ...{ kind: 'ring', members: [owner.memberId], vote_keys: [], evidence: '' },
          ...{ status: 'reversed', found_at: new Date() },
        }),
        reason: 'They really are that good.',
      },
    }),
  },
  'what fair play found': {
    ...ofCommunity('fairPlayCases { id }'),
    ...{ right: 'fair-play.read', refusals: ['null'] },
  },
  removeThanks: {
    right: 'thanks.moderate',
    may: ownerOr('thanks.moderate'),
    refusals: ['THANKS_NOT_FOUND'],
    make: async ({ owner }) => ({
      input: {
        thanksId: await insert('thanks', {
          ...{ giver_id: owner.memberId, receiver_id: newId(), subject_type: 'answer' },
          ...{ subject_id: newId(), text: 'Thank you.', given_at: new Date() },
        }),
        reason: 'It is an advertisement.',
      },
    }),
  },
  'reported thanks': {
    ...ofCommunity('reportedThanks { id }'),
    ...{ right: 'thanks.moderate', refusals: ['null'] },
  },
  createAlertRule: {
    ...analyse,
    whose: ['other'],
    make: () => ({
      input: { communityId, name: 'Quiet', metric: 'QUESTIONS', kind: 'BELOW', bar: 1 },
    }),
  },
  deleteAlertRule: {
    ...analyse,
    make: async ({ owner }) => ({
      id: await insert('alert_rule', {
        ...{
          name: 'Quiet',
          metric: 'questions',
          interval: 'day',
          condition: '{"kind":"missing","intervals":1}',
        },
        ...{ created_by: owner.accountId, created_at: new Date() },
      }),
    }),
  },
  createMetricDownload: {
    ...analyse,
    whose: ['other'],
    make: () => ({
      input: { communityId, names: ['QUESTIONS'], from: '2026-01-01', to: '2026-01-01' },
    }),
  },
  setInterestWeights: {
    ...analyse,
    whose: ['other'],
    make: async () => {
      const [row] = await world.db.query<{ version: number }[]>(
        'SELECT coalesce(max(version), 0)::int AS version FROM interest_weights WHERE community_id = $1',
        [communityId],
      );
      return { input: { communityId, weights: [], version: row?.version } };
    },
  },
  alerts: { ...ofCommunity('alertRules { id }'), right: 'metrics.read', refusals: ['null'] },
  ...Object.fromEntries(
    [
      'modelReports { __typename }',
      'interest { __typename }',
      `behaviour(${range}) { __typename }`,
      `objectives(${range}) { __typename }`,
    ].map((field) => [
      field,
      { ...ofCommunity(field), right: 'metrics.read' as const, refusals: ['null'] },
    ]),
  ),
  redeemGift: {
    may: isActive,
    whose: ['own'],
    refusals: ['NOT_COMMUNITY_MEMBER'],
    make: async () => ({ input: { giftId: await aGift(), idempotencyKey: newId() } }),
  },
  cancelRedemption: {
    may: byOwner,
    refusals: ['REDEMPTION_NOT_FOUND'],
    make: async (about) => ({ input: await aRedemption(about) }),
  },
  showOnLeaderboards: {
    may: isActive,
    whose: ['own'],
    refusals: ['NOT_COMMUNITY_MEMBER'],
    make: () => ({ input: { communityId, isShown: true } }),
  },
};

const casesIn = (file: string, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `apps/reputation/src/${file}`]));

describeRights<Person>({
  rights: ['incentives.manage', 'fair-play.read', 'metrics.read', 'thanks.moderate'],
  operations,
  byOwnership: {
    recordBehaviour: 'apps/reputation/src/behaviour/behaviour.test.ts',
    ...casesIn('contests/contests-of-owners.test.ts', [
      ...['draftContest', 'announceContest', 'cancelContest', 'setContestJury'],
    ]),
    ...casesIn('contests/contests.test.ts', ['withdrawContestEntry']),
    enterContest: 'apps/reputation/src/contests/contests.test.ts#enter',
    judgeContestEntry: 'apps/reputation/src/contests/contests.test.ts#judge',
    voteForContestEntry: 'apps/reputation/src/contests/contests.test.ts#vote',
    ...casesIn('awards/awards.test.ts', ['startAwards', 'stopAwards', 'decideAward']),
    ...casesIn('thanks/thanks.test.ts', ['thankMember', 'removeThanks', 'reportThanks']),
    ...casesIn('titles/titles.test.ts', [
      ...['defineTitle', 'retireTitle', 'grantTitle', 'revokeTitle'],
    ]),
  },
  open: ['recordBehaviour'],
  world: async () => {
    const graph = {
      query: (_: string, { variables }: never) => Promise.resolve(identity(variables) as never),
    };
    world = await testWorld({ app: 'reputation', database, graph });
    const { schema } = createApp(world.deps);
    await deliver(world.deps, consumersOf(world.deps.signals), [communityCreated(communityId)]);
    const standings = {} as Record<Exclude<ActorName, 'nobody'>, Person>;
    for (const actor of actors)
      if (actor !== 'nobody')
        standings[actor] = isActive(actor) ? await aPerson(actor) : await aPerson('owner', actor);
    return { ...world, schema, people: standings, other: await aPerson('member') };
  },
});
