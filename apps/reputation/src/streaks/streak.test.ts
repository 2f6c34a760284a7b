import { newId, QuestionAsked } from '@lyceum/contracts';
import { anEvent, communityCreated } from '../deliver.factory';
import { aLivedInWorld, joined, upvote, type LivedIn } from '../lived-in.factory';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

it('counts days in a row with something written, and neither votes nor joining', async () => {
  const [id, ada, bob] = [newId<'Community'>(), newId<'Member'>(), newId<'Member'>()];
  const asked = (occurredAt: string) =>
    anEvent(
      QuestionAsked,
      { communityId: id, questionId: newId<'Question'>(), authorId: ada },
      { occurredAt },
    );
  const days = ['2021-05-01', '2021-05-02', '2021-05-03'];
  await lived.receive([
    communityCreated(id),
    ...[joined(id, bob), upvote(id, ada)],
    ...days.flatMap((day) => [asked(`${day}T00:00:00Z`), asked(`${day}T23:59:59Z`)]),
  ]);
  const streaks = await lived.ask(
    [ada, bob].map((member) => ({ __typename: 'Member', id: member })),
    '... on Member { streak { current longest } }',
  );
  expect(streaks).toEqual([
    { streak: { current: 3, longest: 3 } },
    { streak: { current: 0, longest: 0 } },
  ]);
});
