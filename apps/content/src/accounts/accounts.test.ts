import { AccountRegistered, AccountVerified, newId, type AccountId } from '@lyceum/contracts';
import { inTransaction, serviceContext } from '@lyceum/platform';
import { emitted } from '@lyceum/testing';
import { aForum, contentWorld, type ContentWorld, type Forum } from '../content.factory';
import { recordAccounts } from './record-accounts.consumer';

let world: ContentWorld;
let forum: Forum;
beforeAll(async () => {
  world = await contentWorld();
});
beforeEach(async () => {
  world.setNow('2026-01-10T12:00:00Z');
  forum = await aForum(world.db);
  await world.db.query('TRUNCATE outbox');
});
afterAll(() => world.close());

const told = (what: 'registered' | 'verified', accountId: AccountId, occurredAt: string) => ({
  ...{ id: newId<'Event'>(), requestId: 'test', occurredAt },
  type: what === 'registered' ? AccountRegistered.name : AccountVerified.name,
  payload: { accountId, handle: 'ada' },
});
const hear = (...events: ReturnType<typeof told>[]) =>
  inTransaction(serviceContext(world.deps, 'test'), (tx) => recordAccounts.handle(tx, events));

const factsOfVote = async (value: 'UP' | 'NONE' = 'UP') => {
  await world.run(
    forum.helper,
    'mutation ($input: VoteInput!) { vote(input: $input) { __typename } }',
    { input: { targetId: forum.questionId, value } },
  );
  const last = (await emitted(world.db)).at(-1);
  return [last?.payload['voterAgeDays'], last?.payload['voterIsVerified']];
};

it('says with a vote how old its account was and whether the address was verified', async () => {
  const { accountId } = forum.helper;
  await hear(told('registered', accountId, '2026-01-07T12:00:01Z'));
  expect(await factsOfVote()).toEqual([2, false]);
  await hear(told('verified', accountId, '2026-01-10T11:00:00Z'));
  world.setNow('2026-01-12T12:00:01Z');
  expect(await factsOfVote('NONE')).toEqual([5, true]);
});

it('says nothing of accounts that nobody told of', async () => {
  expect(await factsOfVote()).toEqual([undefined, undefined]);
  await hear(told('verified', forum.helper.accountId, '2026-01-10T11:00:00Z'));
  expect(await factsOfVote('NONE')).toEqual([undefined, undefined]);
});

it('keeps the earliest of what was told, in any order and however often', async () => {
  const { accountId } = forum.helper;
  const events = [
    told('verified', accountId, '2026-01-09T00:00:00Z'),
    told('registered', accountId, '2026-01-01T12:00:00Z'),
    told('verified', accountId, '2026-01-08T00:00:00Z'),
  ];
  for (const event of [...events, ...events]) await hear(event);
  await hear(...events);
  expect(
    await world.db.query(
      'SELECT registered_at AS since, verified_at AS verified FROM account_on_record WHERE account_id = $1',
      [accountId],
    ),
  ).toEqual([
    { since: new Date('2026-01-01T12:00:00Z'), verified: new Date('2026-01-08T00:00:00Z') },
  ]);
});
