import { newId } from '@lyceum/contracts';
import { emitted } from '@lyceum/testing';
import {
  aForum,
  aMember,
  anArticle,
  contentWorld,
  type ContentWorld,
  type Forum,
  type Person,
} from '../content.factory';

interface Outcome {
  readonly __typename: string;
  readonly code?: string;
  readonly id?: string;
  readonly [field: string]: unknown;
}

describe('suggested edits', () => {
  let world: ContentWorld;
  let forum: Forum;
  beforeAll(async () => {
    world = await contentWorld();
  });
  beforeEach(async () => {
    await world.db.query('TRUNCATE outbox');
    forum = await aForum(world.db);
  });
  afterAll(() => world.close());

  const fields = `__typename ... on UserError { code } ... on EditSuggestion { id status title bodyMarkdown tags summary
    editor { id } decidedBy { id } decidedAt target { __typename ... on Question { id title body tags { name } pendingEdit { id } } } }`;
  const suggest = async (person: Person | null, input: object = {}) => {
    const { data, codes } = await world.run<{ suggestEdit: Outcome } | null>(
      person,
      `mutation ($input: SuggestEditInput!) { suggestEdit(input: $input) { ${fields} } }`,
      { input: { targetId: forum.questionId, title: 'Why, then?', body: 'Better.', ...input } },
    );
    return data?.suggestEdit ?? { __typename: 'Error', code: String(codes[0]) };
  };
  const decide = async (
    person: Person | null,
    verb: 'approveEdit' | 'rejectEdit',
    suggestionId: string | undefined,
  ) => {
    const { data, codes } = await world.run<Record<string, Outcome> | null>(
      person,
      `mutation ($input: DecideEditInput!) { ${verb}(input: $input) { ${fields} } }`,
      { input: { suggestionId } },
    );
    return data?.[verb] ?? { __typename: 'Error', code: String(codes[0]) };
  };

  it('change nothing until they are decided', async () => {
    const suggestion = await suggest(forum.helper, { tags: ['X'], summary: 'spelling' });
    expect(suggestion).toMatchObject({
      __typename: 'EditSuggestion',
      status: 'PENDING',
      title: 'Why, then?',
      bodyMarkdown: 'Better.',
      tags: ['x'],
      summary: 'spelling',
      editor: { id: forum.helper.memberId },
      decidedBy: null,
      target: { id: forum.questionId, title: 'Why?', pendingEdit: { id: suggestion.id } },
    });
    expect(await emitted(world.db)).toEqual([]);

    const { data } = await world.run(
      null,
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Community { pendingEdits { edges { node { id } } } } } }`,
      { of: [{ __typename: 'Community', id: forum.communityId }] },
    );
    expect(data).toEqual({
      _entities: [{ pendingEdits: { edges: [{ node: { id: suggestion.id } }] } }],
    });
  });

  it('are made when the author approves them, and told of once', async () => {
    const { id } = await suggest(forum.helper, { tags: ['x'] });
    expect(await decide(forum.asker, 'approveEdit', id)).toMatchObject({
      status: 'APPROVED',
      decidedBy: { id: forum.asker.memberId },
      target: {
        title: 'Why, then?',
        body: '<p>Better.</p>',
        tags: [{ name: 'x' }],
        pendingEdit: null,
      },
    });
    expect(await emitted(world.db)).toMatchObject([
      {
        type: 'content.edit.approved.v1',
        payload: {
          communityId: forum.communityId,
          editId: id,
          targetType: 'question',
          targetId: forum.questionId,
          editorId: forum.helper.memberId,
          earnsPoints: true,
        },
      },
    ]);
    const editors = await world.db.query<object[]>(
      'SELECT number, editor_id AS editor FROM revision WHERE target_id = $1 ORDER BY number',
      [forum.questionId],
    );
    expect(editors).toEqual([
      { number: 1, editor: forum.asker.memberId },
      { number: 2, editor: forum.helper.memberId },
    ]);
    expect((await decide(forum.asker, 'approveEdit', id)).code).toBe('SUGGESTION_DECIDED');
    expect(await emitted(world.db)).toHaveLength(1);
  });

  it('can be of an answer and of an article, approved by a moderator', async () => {
    const articleId = await anArticle(world.db, forum.asker);
    const other = await aMember(world.db, forum.communityId);
    for (const targetId of [forum.answerId, articleId]) {
      const { id } = await suggest(other, { targetId, tags: ['ignored'] });
      expect(await decide(forum.moderator, 'approveEdit', id)).toMatchObject({
        status: 'APPROVED',
      });
    }
    expect((await emitted(world.db)).map(({ payload }) => payload['targetType'])).toEqual([
      'answer',
      'article',
    ]);
    const tables = ['answer', 'article'];
    for (const table of tables)
      expect(
        await world.db.query(`SELECT body_source FROM ${table} WHERE community_id = $1`, [
          forum.communityId,
        ]),
      ).toEqual([{ body_source: 'Better.' }]);
  });

  it('can be rejected, and the next one made', async () => {
    const { id } = await suggest(forum.helper);
    expect(await decide(forum.moderator, 'rejectEdit', id)).toMatchObject({
      status: 'REJECTED',
      target: { title: 'Why?', pendingEdit: null },
    });
    expect(await emitted(world.db)).toEqual([]);
    expect((await suggest(forum.helper)).__typename).toBe('EditSuggestion');
  });

  it('do not undo an edit that was made since', async () => {
    const { id } = await suggest(forum.helper);
    await world.run(
      forum.asker,
      'mutation ($id: ID!) { editQuestion(input: { questionId: $id, title: "Mine" }) { __typename } }',
      { id: forum.questionId },
    );
    expect((await decide(forum.asker, 'approveEdit', id)).code).toBe('POST_HAS_CHANGED');
    expect(await decide(forum.asker, 'rejectEdit', id)).toMatchObject({
      target: { title: 'Mine' },
    });
    expect(await emitted(world.db)).toEqual([]);
  });

  it('are one at a time, also when ten are made at once', async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => suggest(forum.helper)));
    const codes = made.map(({ __typename }) => __typename).toSorted();
    expect(codes).toEqual([...Array<string>(9).fill('EditPending'), 'EditSuggestion']);
  });

  it('are approved once, when ten approve at once', async () => {
    const { id } = await suggest(forum.helper);
    await Promise.all(Array.from({ length: 10 }, () => decide(forum.asker, 'approveEdit', id)));
    expect(await emitted(world.db)).toHaveLength(1);
  });

  it.each<[string, string, () => Promise<Outcome>]>([
    ['by nobody', 'UNAUTHENTICATED', () => suggest(null)],
    ['by a stranger', 'MEMBERSHIP_REQUIRED', () => suggest(forum.stranger)],
    ['by the author', 'EDIT_DIRECTLY', () => suggest(forum.asker)],
    ['by a moderator', 'EDIT_DIRECTLY', () => suggest(forum.moderator)],
    ['of nothing', 'POST_NOT_FOUND', () => suggest(forum.helper, { targetId: newId() })],
    ['without a body', 'INVALID_CONTENT', () => suggest(forum.helper, { body: '' })],
    ['decided by nobody', 'UNAUTHENTICATED', () => decide(null, 'approveEdit', newId())],
    [
      'that are not there',
      'SUGGESTION_NOT_FOUND',
      () => decide(forum.asker, 'approveEdit', newId()),
    ],
    ['by no id', 'SUGGESTION_NOT_FOUND', () => decide(forum.asker, 'rejectEdit', 'x')],
  ])('%s are refused: %s', async (_, code, run) => {
    expect((await run()).code).toBe(code);
    expect(await emitted(world.db)).toEqual([]);
  });

  it.each<[string, string, () => Promise<Person>]>([
    ['who made them', 'NOT_EDITOR', () => Promise.resolve(forum.helper)],
    ['another member', 'NOT_EDITOR', () => aMember(world.db, forum.communityId)],
    ['a stranger', 'MEMBERSHIP_REQUIRED', () => Promise.resolve(forum.stranger)],
  ])('are not approved by %s: %s', async (_, code, who) => {
    const { id } = await suggest(forum.helper);
    expect((await decide(await who(), 'approveEdit', id)).code).toBe(code);
    expect(await emitted(world.db)).toEqual([]);
  });

  it('are not approved by who made them and has become a moderator', async () => {
    const { id } = await suggest(forum.helper);
    await world.db.query(`UPDATE membership SET role = 'moderator' WHERE member_id = $1`, [
      forum.helper.memberId,
    ]);
    expect((await decide(forum.helper, 'approveEdit', id)).code).toBe('NOT_EDITOR');
  });
});
