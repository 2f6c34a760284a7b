import { graphql } from 'graphql';
import { aLivedInWorld, type LivedIn } from '../lived-in.factory';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

it('offers the rules that a community can start with', async () => {
  const { data } = await graphql({
    schema: lived.schema,
    contextValue: lived.world.as(null),
    source: '{ rulePresets { name parameters { name default } } }',
  });
  expect(data).toEqual({
    rulePresets: [
      { name: 'stack-exchange', parameters: [{ name: 'questionUpvote', default: 10 }] },
      { name: 'answer-low', parameters: [] },
      { name: 'answer-medium', parameters: [] },
      { name: 'answer-high', parameters: [] },
      { name: 'one-like-one-point', parameters: [] },
      {
        name: 'learning',
        parameters: [
          { name: 'understood', default: 5 },
          { name: 'solved', default: 20 },
        ],
      },
      {
        name: 'balanced',
        parameters: [
          { name: 'upvote', default: 5 },
          { name: 'accepted', default: 15 },
        ],
      },
    ],
  });
});
