import { PrivilegesChanged, newId } from '@lyceum/contracts';
import { inTransaction, serviceContext } from '@lyceum/platform';
import {
  aForum,
  contentWorld,
  type ContentWorld,
  type Forum,
  type Person,
} from '../content.factory';
import { recordPrivileges } from './record-privileges.consumer';

let world: ContentWorld;
let forum: Forum;
beforeAll(async () => {
  world = await contentWorld();
});
beforeEach(async () => {
  forum = await aForum(world.db);
});
afterAll(() => world.close());

const vote = async (person: Person, targetId: string, value: string) => {
  const { data } = await world.run<{ vote: Record<string, unknown> }>(
    person,
    `mutation ($input: VoteInput!) { vote(input: $input) { __typename ... on UserError { code } ... on PrivilegeWithheld { privilege } } }`,
    { input: { targetId, value } },
  );
  return data.vote;
};

const tell = (memberId: Person['memberId'], withheld: string[], version: number) =>
  inTransaction(serviceContext(world.deps, 'test'), (tx) =>
    recordPrivileges.handle(tx, [
      {
        ...{ id: newId<'Event'>(), type: PrivilegesChanged.name, requestId: 'test' },
        occurredAt: new Date().toISOString(),
        payload: { communityId: forum.communityId, memberId, withheld, version },
      },
    ]),
  );

it('refuses what reputation says a member may not do yet, until it says otherwise', async () => {
  const { helper: voter, questionId } = forum;
  expect(await vote(voter, questionId, 'DOWN')).toMatchObject({ __typename: 'Vote' });
  await tell(voter.memberId, ['downvote'], 2);
  expect(await vote(voter, questionId, 'NONE')).toMatchObject({ __typename: 'Vote' });
  expect(await vote(voter, questionId, 'DOWN')).toEqual({
    ...{ __typename: 'PrivilegeWithheld', code: 'PRIVILEGE_WITHHELD', privilege: 'downvote' },
  });
  expect(await vote(voter, questionId, 'UP')).toMatchObject({ __typename: 'Vote' });
  await tell(voter.memberId, [], 1); // an older one, late
  expect(await vote(voter, questionId, 'DOWN')).toMatchObject({ code: 'PRIVILEGE_WITHHELD' });
  await tell(voter.memberId, [], 3);
  expect(await vote(voter, questionId, 'DOWN')).toMatchObject({ __typename: 'Vote' });
});

it('withholds nothing from those who keep order', async () => {
  const { moderator, questionId } = forum;
  await tell(moderator.memberId, ['downvote'], 1);
  expect(await vote(moderator, questionId, 'DOWN')).toMatchObject({ __typename: 'Vote' });
});
