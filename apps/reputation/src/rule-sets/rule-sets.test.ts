import { newId, type AccountId, type CommunityId } from '@lyceum/contracts';
import { emitted } from '@lyceum/testing';
import { aMemberAs, askAs, outcomeAs } from '../ask-as.factory';
import { communityCreated } from '../deliver.factory';
import { aLivedInWorld, aVote, joined, now, type LivedIn } from '../lived-in.factory';
import { communityId } from '../points/history.arbitrary';
import { dumpProjections } from '../replay/dump.factory';
import { replayAll } from '../replay/replay-all';
import { balanced, learning, ruleSetDefinition, stackExchange } from '../rules';
import { simulateNext } from '../simulator/simulate-rules.job';
import { query } from '../sql';

let lived: LivedIn;
let owner: AccountId;
let plain: AccountId;
beforeEach(async () => {
  lived = await aLivedInWorld();
  [owner, plain] = [await memberAs('owner'), await memberAs('member')];
});
afterEach(() => lived.world.close());

const memberAs = async (role: 'owner' | 'member', id: CommunityId = communityId) =>
  (await aMemberAs(lived, { role, communityId: id })).accountId;

const ask = (account: AccountId | null, source: string, variables = {}) =>
  askAs(lived, account, { source, variables });

const outcome = (account: AccountId | null, mutation: string, input: object) =>
  outcomeAs(lived, account, {
    ...{ mutation, input },
    select: `... on RuleDraft { id revision } ... on RuleSet { version activeFrom isInForce restores reason name }
      ... on RuleSimulation { id status } ... on RulesInvalid { problems { where problem } }`,
  });

const generous = {
  ...stackExchange,
  rules: stackExchange.rules.map((rule) =>
    rule.name === 'post-upvoted' ? { ...rule, points: 25 } : rule,
  ),
};

const aDraft = async (definition: object = generous) => {
  const draft = await outcome(owner, 'draftRules', { communityId, definition });
  return { draftId: String(draft['id']), revision: 1 };
};
const simulated = async (draft: { draftId: string; revision: number }, since?: string) => {
  const simulation = await outcome(owner, 'simulateRules', { ...draft, since });
  const ctx = lived.world.as(null);
  while (await simulateNext(ctx, lived.world.deps));
  return String(simulation['id']);
};

it('publishes a schema that its own presets follow', async () => {
  const { ruleSetJsonSchema } = await ask(null, '{ ruleSetJsonSchema }');
  expect(ruleSetJsonSchema).toMatchObject({
    $schema: expect.stringContaining('2020-12') as string,
  });
  expect(ruleSetDefinition.safeParse(learning).success).toBe(true);
});

it('lets owners draft, edit, simulate and activate, and says who did it and why', async () => {
  const draft = await aDraft(balanced);
  expect(await outcome(owner, 'editRuleDraft', { ...draft, definition: generous })).toMatchObject({
    revision: 2,
  });
  const edited = { ...draft, revision: 2 };
  const reason = 'Good answers are worth more here.';
  expect(await outcome(owner, 'activateRules', { ...edited, reason })).toMatchObject({
    code: 'RULES_NOT_SIMULATED',
  });
  await simulated(edited);
  expect(await outcome(owner, 'activateRules', { ...edited, reason: ' ok ' })).toMatchObject({
    code: 'RULE_REASON_MISSING',
  });
  expect(await outcome(owner, 'activateRules', { ...edited, reason })).toMatchObject({
    ...{ version: 2, activeFrom: '2021-05-05', isInForce: true, restores: null, reason },
  });
  expect((await emitted(lived.world.db)).map(({ type }) => type)).toEqual([
    'reputation.rules.activated.v1',
  ]);
  expect(await outcome(owner, 'activateRules', { ...edited, reason })).toMatchObject({
    code: 'RULE_DRAFT_NOT_FOUND',
  });
});

it('judges only the days from the activation on, and a rollback brings the old rules back', async () => {
  const draft = await aDraft();
  await simulated(draft);
  await outcome(owner, 'activateRules', { ...draft, reason: 'An experiment.' });
  const author = newId<'Member'>();
  const totalOf = async () => {
    const [row] = await query<{ total: number }>(
      lived.world.db,
      'SELECT total FROM member_standing WHERE member_id = $1',
      [author],
    );
    return row?.total;
  };
  const vote = (occurredAt: string) => aVote(communityId, { author, value: 1, occurredAt });
  await lived.receive([joined(communityId, author), vote('2021-05-04T23:59:59Z')]);
  expect(await totalOf()).toBe(11);
  await lived.receive([vote('2021-05-05T00:00:00Z')]);
  expect(await totalOf()).toBe(36);

  const back = { communityId, version: 1, activeFrom: '2021-05-06', reason: 'It was too much.' };
  expect(await outcome(owner, 'rollBackRules', back)).toMatchObject({
    ...{ version: 3, restores: 1, isInForce: true },
  });
  await lived.receive([vote('2021-05-06T10:00:00Z')]);
  expect(await totalOf()).toBe(46);
  expect(await outcome(owner, 'rollBackRules', { ...back, version: 9 })).toMatchObject({
    code: 'RULE_VERSION_NOT_FOUND',
  });
});

it('computes days that have passed anew, to the very numbers that were simulated', async () => {
  const draft = await aDraft();
  const id = await simulated(draft, '2021-05-02');
  const activated = await outcome(owner, 'activateRules', {
    ...{ ...draft, activeFrom: '2021-05-02', reason: 'It was meant like this.' },
  });
  expect(activated).toMatchObject({ version: 2, isInForce: false });
  await lived.receive([]); // the worker hears of it

  const totals = await query(
    lived.world.db,
    `SELECT member_id AS id, total FROM member_standing
     WHERE member_id IN (SELECT member_id FROM point_entry) ORDER BY 1`,
  );
  const foreseen = await query(
    lived.world.db,
    `SELECT member_id AS id, after AS total FROM rule_simulation_member WHERE simulation_id = $1 ORDER BY 1`,
    [id],
  );
  expect(totals).toEqual(foreseen);
  expect(totals.length).toBeGreaterThan(3);
  const live = await dumpProjections(lived.world.db);
  await replayAll(lived.world.db, communityId);
  expect(await dumpProjections(lived.world.db)).toEqual(live);

  const { ruleSimulation } = await ask(
    owner,
    `query ($id: ID!) { ruleSimulation(id: $id) { status progress
      summary { members gaining losing rankChanges pointsBefore pointsAfter months { month before after } }
      gaining: changes(side: GAINING, first: 2) { edges { node { pointsBefore pointsAfter rankBefore rankAfter member { id } } } pageInfo { hasNextPage endCursor } }
      losing: changes(side: LOSING) { edges { node { pointsBefore } } } } }`,
    { id },
  );
  const summary = ruleSimulation?.['summary'] as Record<string, number>;
  expect(ruleSimulation).toMatchObject({ status: 'DONE', progress: 1 });
  expect(summary['gaining']).toBeGreaterThan(0);
  expect(summary['losing']).toBe(0);
  const sum = foreseen.reduce((all: number, row) => all + (row as { total: number }).total, 0);
  expect(summary['pointsAfter']).toBe(sum);
});

it('tells owners in their words what is wrong with rules', async () => {
  const [first, ...others] = stackExchange.rules;
  const wrong = async (change: object) => {
    const draft = await outcome(owner, 'draftRules', {
      communityId,
      definition: { ...stackExchange, ...change },
    });
    return [draft['code'], draft['problems']];
  };
  const rules = (change: object) => ({ rules: [{ ...first, ...change }, ...others] });
  expect(await wrong(rules({ points: 'many' }))).toEqual([
    'RULES_INVALID',
    [
      {
        where: 'rule "question-upvoted", points',
        problem:
          'must be a whole number, {"parameter": "its name"} or {"timesValue": a whole number}',
      },
    ],
  ]);
  expect(await wrong(rules({ when: { value: 1 } }))).toMatchObject([
    'RULES_INVALID',
    [
      {
        where: 'rule "question-upvoted", when',
        problem: expect.stringContaining('"self": false') as string,
      },
    ],
  ]);
  expect(await wrong(rules({ limits: ['weekly'] }))).toMatchObject([
    'RULES_INVALID',
    [{ problem: 'question-upvoted names a limit that does not exist' }],
  ]);
  expect(await wrong(rules({ on: 'sneezed' }))).toMatchObject([
    'RULES_INVALID',
    [
      {
        where: 'rule "question-upvoted", on',
        problem: expect.stringContaining('one of') as string,
      },
    ],
  ]);
  expect(
    await wrong({ trust: [{ name: 'Awake', bars: { postsRead: 9, sleep: 1 } }] }),
  ).toMatchObject(['RULES_INVALID', [{ where: expect.stringContaining('trust') as string }]]);
  expect(await wrong({ trust: [{ name: 'Anybody', bars: {} }] })).toMatchObject([
    'RULES_INVALID',
    [{ problem: 'the level of trust Anybody asks for nothing' }],
  ]);
  expect(await wrong({ privileges: [{ name: 'invite', from: 1 }] })).toMatchObject([
    'RULES_INVALID',
    [{ where: 'privilege "invite"' }],
  ]);
  expect(await wrong({ surprise: 1 })).toMatchObject([
    'RULES_INVALID',
    [{ problem: 'has what rules do not know: surprise' }],
  ]);
});

it.each(['draftRules', 'rollBackRules'])('%s is for owners and admins', async (mutation) => {
  const input =
    mutation === 'draftRules'
      ? { communityId, definition: generous }
      : { communityId, version: 1, reason: 'Because I can.' };
  expect(await outcome(plain, mutation, input)).toMatchObject({ code: 'NOT_COMMUNITY_ADMIN' });
  await expect(outcome(null, mutation, input)).rejects.toMatchObject({
    extensions: { code: 'UNAUTHENTICATED' },
  });
  const elsewhere = newId<'Community'>();
  await lived.receive([communityCreated(elsewhere)]);
  const stranger = await memberAs('owner', elsewhere);
  await expect(outcome(stranger, mutation, input)).rejects.toThrow('no other subgraph');
});

it('keeps drafts and simulations from members who do not decide', async () => {
  const draft = await aDraft();
  const id = await simulated(draft);
  expect(await outcome(plain, 'editRuleDraft', { ...draft, definition: generous })).toMatchObject({
    code: 'NOT_COMMUNITY_ADMIN',
  });
  expect(await outcome(plain, 'simulateRules', draft)).toMatchObject({
    code: 'NOT_COMMUNITY_ADMIN',
  });
  expect(await ask(plain, '{ ruleSimulation(id: "' + id + '") { status } }')).toEqual({
    ruleSimulation: null,
  });
});

it('lets the first of two editors win, and two activations be one', async () => {
  const draft = await aDraft();
  const edits = await Promise.all(
    [balanced, learning].map((definition) =>
      outcome(owner, 'editRuleDraft', { ...draft, definition }),
    ),
  );
  expect(edits.map((edit) => edit['__typename']).sort()).toEqual(['RuleDraft', 'RuleDraftChanged']);
  const edited = { ...draft, revision: 2 };
  await simulated(edited);
  const both = await Promise.all(
    [1, 2].map(() => outcome(owner, 'activateRules', { ...edited, reason: 'Now it is time.' })),
  );
  expect(both.map((one) => one['__typename']).sort()).toEqual(['RuleDraftNotFound', 'RuleSet']);
});

it('takes a simulation over whose worker has died', async () => {
  const draft = await aDraft();
  await outcome(owner, 'simulateRules', draft);
  await lived.world.db.query(
    `UPDATE rule_simulation SET status = 'running', alive_at = $1::timestamptz - interval '2 minutes'`,
    [now],
  );
  expect(await simulateNext(lived.world.as(null), lived.world.deps)).toBe(true);
  expect(await query(lived.world.db, 'SELECT status FROM rule_simulation')).toEqual([
    { status: 'done' },
  ]);
});
