import {
  AnswerPosted,
  importedId,
  newId,
  type AccountId,
  type CommunityId,
  type MemberId,
} from '@lyceum/contracts';
import { aMemberAs, askAs, outcomeAs } from '../ask-as.factory';
import { anEvent, communityCreated } from '../deliver.factory';
import { aLivedInWorld, type LivedIn } from '../lived-in.factory';
import { mostThanksADay } from './thanks.types';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

type Somebody = Awaited<ReturnType<typeof aMemberAs>>;

const act = (who: { accountId: AccountId } | null, mutation: string, input: object) =>
  outcomeAs(lived, who?.accountId ?? null, {
    ...{ mutation, input },
    select:
      '... on Thanks { id text reports removedAt removedBecause post { __typename } giver { id } }',
  });

const aForum = async () => {
  const communityId = newId<'Community'>();
  await lived.receive([communityCreated(communityId)]);
  const aMember = () => aMemberAs(lived, { role: 'member', communityId });
  const [ada, bob, cem] = [await aMember(), await aMember(), await aMember()];
  const owner = await aMemberAs(lived, { role: 'owner', communityId });
  return { communityId, owner, ada, bob, cem, answerId: await anAnswer(communityId, ada.memberId) };
};

const anAnswer = async (communityId: CommunityId, authorId: MemberId | null) => {
  const answerId = newId<'Answer'>();
  await lived.receive([
    anEvent(AnswerPosted, {
      ...{ communityId, answerId, authorId },
      questionId: importedId<'Question'>('question', answerId),
    }),
  ]);
  return answerId;
};

const thank = (
  who: Somebody | null,
  { communityId, answerId }: { communityId: CommunityId; answerId: string },
  text = 'This saved my day',
) => act(who, 'thankMember', { communityId, postType: 'ANSWER', postId: answerId, text });

const shownOf = async ({ memberId }: Somebody) => {
  const [found] = await lived.ask<{
    points: number;
    thanksCount: number;
    thanks: { edges: { node: { text: string } }[] };
  }>(
    [{ __typename: 'Member', id: memberId }],
    '... on Member { points thanksCount thanks { edges { node { text } } } }',
  );
  return found;
};

it('thanks the author of a post once, and earns neither points nor money', async () => {
  const forum = await aForum();
  const before = (await shownOf(forum.ada))?.points;
  const note = await thank(forum.bob, forum);
  expect(note).toMatchObject({ post: { __typename: 'Answer' }, giver: { id: forum.bob.memberId } });
  const again = await Promise.all([
    thank(forum.bob, forum),
    thank(forum.cem, forum),
    thank(forum.cem, forum),
  ]);
  expect(again.map(({ code }) => code).sort()).toEqual([
    ...['THANKED_BEFORE', 'THANKED_BEFORE', undefined],
  ]);
  expect(await shownOf(forum.ada)).toMatchObject({ points: before, thanksCount: 2 });
});

it('refuses own posts, posts of nobody, texts of nothing and strangers', async () => {
  const forum = await aForum();
  const { communityId } = forum;
  const orphan = await anAnswer(communityId, null);
  expect(await thank(forum.ada, forum)).toMatchObject({ code: 'THANKS_INVALID' });
  for (const answerId of [orphan, newId(), 'nonsense'])
    expect(await thank(forum.bob, { communityId, answerId })).toMatchObject({
      code: 'THANKS_INVALID',
    });
  expect(await thank(forum.bob, forum, ' ')).toMatchObject({ code: 'THANKS_INVALID' });
  expect(await thank(forum.bob, forum, 'x'.repeat(501))).toMatchObject({ code: 'THANKS_INVALID' });
  await expect(thank(null, forum)).rejects.toMatchObject({
    extensions: { code: 'UNAUTHENTICATED' },
  });
});

it('lets a member thank so often a day, however many notes are sent at once', async () => {
  const { communityId, ada, bob } = await aForum();
  const answers = await Promise.all(
    Array.from({ length: mostThanksADay + 3 }, () => anAnswer(communityId, ada.memberId)),
  );
  const outcomes = await Promise.all(
    answers.map((answerId) => thank(bob, { communityId, answerId })),
  );
  expect(outcomes.filter(({ code }) => code === 'THANKS_USED_UP')).toHaveLength(3);
});

it('is reported by members, and taken out by its giver or the staff with a reason', async () => {
  const forum = await aForum();
  const { owner, ada, bob, cem } = forum;
  const note = await thank(bob, forum);
  const thanksId = note['id'];
  const report = (who: Somebody, reason = 'Rude') => act(who, 'reportThanks', { thanksId, reason });
  expect(await report(cem)).toMatchObject({ reports: 1 });
  expect(await report(cem)).toMatchObject({ reports: 1 });
  expect(await report(ada, '')).toMatchObject({ code: 'THANKS_INVALID' });
  const reported = async (who: Somebody) => {
    const source = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Community { reportedThanks { id } } } }`;
    const variables = { of: [{ __typename: 'Community', id: forum.communityId }] };
    const { _entities } = await askAs(lived, who.accountId, { source, variables });
    return (_entities as unknown as { reportedThanks: unknown }[])[0]?.reportedThanks;
  };
  expect(await reported(ada)).toBeNull();
  expect(await reported(owner)).toEqual([{ id: thanksId }]);

  const remove = (who: Somebody, told: object = {}) =>
    act(who, 'removeThanks', { thanksId, ...told });
  expect(await remove(ada)).toMatchObject({ code: 'THANKS_NOT_FOUND' });
  expect(await remove(owner)).toMatchObject({ code: 'THANKS_INVALID' });
  expect(await remove(owner, { reason: 'Rude' })).toMatchObject({ removedBecause: 'Rude' });
  expect(await remove(bob)).toMatchObject({ removedBecause: 'Rude' });
  expect(await shownOf(ada)).toMatchObject({ thanksCount: 0, thanks: { edges: [] } });
  expect(await report(ada)).toMatchObject({ code: 'THANKS_NOT_FOUND' });
  expect(await thank(bob, forum)).toMatchObject({ code: 'THANKED_BEFORE' });
});
