import { newId, type AccountId, type MemberId } from '@lyceum/contracts';
import { aMemberAs, askAs, outcomeAs } from '../ask-as.factory';
import { aLivedInWorld, type LivedIn } from '../lived-in.factory';
import { communityId } from '../points/history.arbitrary';
import { replayAll } from '../replay/replay-all';
import { stackExchange, standardBadges } from '../rules';
import { query } from '../sql';
import { settleTrustOf } from '../trust/settle-trust.job';
import { simulateNext } from './simulate-rules.job';

let lived: LivedIn;
let owner: AccountId;
beforeAll(async () => {
  lived = await aLivedInWorld();
  owner = (await aMemberAs(lived, { role: 'owner', communityId })).accountId;
});
afterAll(() => lived.world.close());

const outcome = (mutation: string, input: object) =>
  outcomeAs(lived, owner, {
    ...{ mutation, input },
    select: '... on RuleDraft { id } ... on RuleSet { version } ... on RuleSimulation { id }',
  });

interface Told {
  readonly badges: { badge: string; before: number; after: number; gained: number; lost: number }[];
  readonly trustUp: number;
  readonly trustDown: number;
  readonly spendableBefore: number;
  readonly spendableAfter: number;
  readonly gifts: { title: string; before: number; after: number }[];
  readonly pointsBefore: number;
  readonly pointsAfter: number;
  readonly months: { before: number; after: number; inflationAfter: number | null }[];
}

const simulate = async (definition: object): Promise<{ told: Told; draftId: string }> => {
  const draft = await outcome('draftRules', { communityId, definition });
  const draftId = String(draft['id']);
  const since = '2021-04-01';
  const { id } = await outcome('simulateRules', { draftId, revision: 1, since });
  while (await simulateNext(lived.world.as(null), lived.world.deps));
  const { ruleSimulation } = await askAs(lived, owner, {
    source: `query ($id: ID!) { ruleSimulation(id: $id) { summary { pointsBefore pointsAfter trustUp trustDown
      spendableBefore spendableAfter badges { badge before after gained lost } gifts { title before after }
      months { before after inflationBefore inflationAfter } } } }`,
    variables: { id },
  });
  return { told: ruleSimulation?.['summary'] as Told, draftId };
};

const awards = async (): Promise<Map<string, Set<string>>> => {
  const rows = await query<{ badge: string; award: string }>(
    lived.world.db,
    `SELECT badge, member_id || subject_id AS award FROM badge_award WHERE community_id = $1`,
    [communityId],
  );
  const of = new Map<string, Set<string>>();
  for (const { badge, award } of rows) of.set(badge, (of.get(badge) ?? new Set()).add(award));
  return of;
};

const levels = async (): Promise<Map<MemberId, number>> => {
  await settleTrustOf(lived.world.as(null), communityId);
  const rows = await query<{ id: MemberId; level: number }>(
    lived.world.db,
    'SELECT member_id AS id, level FROM member_trust WHERE community_id = $1',
    [communityId],
  );
  return new Map(rows.map(({ id, level }) => [id, level]));
};

it('foretells badges, trust, gifts and inflation: activated, the rules come to the very numbers', async () => {
  const { db } = lived.world;
  await db.query(
    `INSERT INTO gift (id, community_id, title, description, price, stock, needs_approval)
     VALUES ($1, $2, 'A mug', '', 60, 9, false)`,
    [newId(), communityId],
  );
  await replayAll(db, communityId);
  const [badgesBefore, levelsBefore] = [await awards(), await levels()];
  const { told, draftId } = await simulate({
    ...stackExchange,
    rules: stackExchange.rules.map((rule) =>
      rule.name === 'post-upvoted' ? { ...rule, points: 25 } : rule,
    ),
    badges: [
      ...standardBadges.slice(1), // one is no longer awarded
      {
        ...{
          name: 'good-day',
          title: 'Good day',
          class: 'bronze',
          once: true,
          reason: '{n} in a day',
        },
        rule: { type: 'day-points', atLeast: 50 },
      },
    ],
    trust: [{ name: 'Known', bars: { likesReceived: 2 } }],
  });
  expect(await awards()).toEqual(badgesBefore); // a simulation changes nothing
  await outcome('activateRules', {
    ...{ draftId, revision: 1, activeFrom: '2021-04-01', reason: 'It was meant like this.' },
  });
  await lived.receive([]); // the worker hears of it

  const [badgesAfter, levelsAfter] = [await awards(), await levels()];
  const names = [...new Set([...badgesBefore.keys(), ...badgesAfter.keys()])].sort();
  expect(told.badges).toEqual(
    names.map((badge) => {
      const none = new Set<string>();
      const [before, after] = [badgesBefore.get(badge) ?? none, badgesAfter.get(badge) ?? none];
      return {
        ...{ badge, before: before.size, after: after.size },
        gained: [...after].filter((one) => !before.has(one)).length,
        lost: [...before].filter((one) => !after.has(one)).length,
      };
    }),
  );
  expect(told.badges.find(({ badge }) => badge === 'good-day')?.gained).toBeGreaterThan(0);
  const changes = [...levelsAfter].map(([id, level]) => level - (levelsBefore.get(id) ?? 0));
  expect(told.trustUp).toBe(changes.filter((change) => change > 0).length);
  expect(told.trustUp).toBeGreaterThan(0);
  expect(told.trustDown).toBe(0);

  const [reach] = await query<{ n: number; sum: number }>(
    db,
    `SELECT count(*) FILTER (WHERE total >= 60)::int AS n, sum(total)::int AS sum FROM member_standing
     WHERE member_id IN (SELECT member_id FROM point_entry) AND community_id = $1`,
    [communityId],
  );
  expect(told.gifts).toMatchObject([{ title: 'A mug', after: reach?.n }]);
  expect(told.spendableAfter).toBe(reach?.sum);
  expect(told.spendableAfter).toBeGreaterThan(told.spendableBefore);

  const given = told.months.reduce((sum, { after }) => sum + after, 0);
  expect(given).toBe(told.pointsAfter);
  expect(told.months[0]?.inflationAfter).toBeNull();
});
