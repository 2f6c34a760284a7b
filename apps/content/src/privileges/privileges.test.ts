import { PrivilegesChanged, newId } from '@lyceum/contracts';
import { inTransaction, serviceContext } from '@lyceum/platform';
import {
  aForum,
  aMember,
  anArticle,
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

const tell = (memberId: Person['memberId'], withheld: string[], version: number, held?: string[]) =>
  inTransaction(serviceContext(world.deps, 'test'), (tx) =>
    recordPrivileges.handle(tx, [
      {
        ...{ id: newId<'Event'>(), type: PrivilegesChanged.name, requestId: 'test' },
        occurredAt: new Date().toISOString(),
        payload: {
          communityId: forum.communityId,
          memberId,
          withheld,
          version,
          ...(held && { held }),
        },
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

let version = 10;
const tellOf = async (
  memberId: Person['memberId'],
  { withheld = [], held = [] }: { withheld?: string[]; held?: string[] },
) => {
  version += 1;
  await tell(memberId, withheld, version, held);
};

type Outcome = Record<string, unknown> & { __typename: string };

/** Any command that a privilege may stand before, and what its result said of it. */
const run = async (person: Person, command: string, input: object): Promise<Outcome> => {
  const type = `${command.charAt(0).toUpperCase()}${command.slice(1)}Input`;
  const inputType = { ApproveEditInput: 'DecideEditInput', RejectEditInput: 'DecideEditInput' }[
    type
  ];
  const { data, errors } = await world.run<Record<string, Outcome>>(
    person,
    `mutation ($input: ${inputType ?? type}!) { ${command}(input: $input) { __typename
       ... on UserError { code message } ... on PrivilegeWithheld { privilege pointsNeeded pointsMissing }
       ${command.endsWith('Edit') ? '... on EditSuggestion { id }' : ''} } }`,
    { input },
  );
  const outcome = data[command];
  if (outcome === undefined) throw errors[0] ?? new Error('no answer');
  return outcome;
};

const linked = 'See [this](https://example.com/spam).';

/** What every member does unless rules ask for points. */
const gated: readonly [privilege: string, does: string, input: () => [string, object]][] = [
  [
    'comment',
    'comments on what others wrote',
    () => ['comment', { targetId: forum.questionId, body: 'Hm.' }],
  ],
  [
    'post-links',
    'asks with a link',
    () => ['askQuestion', { ...ofCommunity(), title: 'Why?', body: linked }],
  ],
  [
    'post-links',
    'answers with a link',
    () => ['answerQuestion', { questionId: forum.questionId, body: linked }],
  ],
  [
    'post-links',
    'comments with a link',
    () => ['comment', { targetId: forum.questionId, body: linked }],
  ],
  [
    'post-links',
    'publishes a link',
    () => ['publishArticle', { ...ofCommunity(), title: 'Why', body: linked }],
  ],
  [
    'post-links',
    'suggests a link',
    () => ['suggestEdit', { targetId: forum.questionId, body: linked }],
  ],
  [
    'create-tags',
    'asks with a tag that nobody has used',
    () => ['askQuestion', { ...ofCommunity(), title: 'Why?', body: 'Why?', tags: ['never-seen'] }],
  ],
  [
    'edit-posts',
    "suggests to edit others' posts",
    () => ['suggestEdit', { targetId: forum.questionId, body: 'Better.' }],
  ],
  [
    'edit-tags',
    "suggests other tags for others' questions",
    () => ['suggestEdit', { targetId: forum.questionId, body: 'Why?', tags: ['seen'] }],
  ],
  [
    'set-bounties',
    'offers a bounty',
    () => ['offerBounty', { questionId: forum.questionId, amount: 50 }],
  ],
];
const ofCommunity = () => ({ communityId: forum.communityId });

it.each(gated)(
  '%s: a member who has not got it is told what is missing when it %s',
  async (privilege, _, made) => {
    const { helper, moderator } = forum;
    world.answers['reputation'] = () => ({
      _entities: [
        {
          points: 500,
          privileges: [
            { name: privilege.toUpperCase().replaceAll('-', '_'), from: 50, pointsMissing: 38 },
          ],
        },
      ],
    });
    const [command, input] = made();
    for (const person of [helper, moderator])
      await tellOf(person.memberId, { withheld: [privilege] });
    expect(await run(helper, command, input)).toEqual({
      ...{ __typename: 'PrivilegeWithheld', code: 'PRIVILEGE_WITHHELD', privilege },
      message: 'This needs 50 points, you have 12.',
      ...{ pointsNeeded: 50, pointsMissing: 38 },
    });
    await tellOf(helper.memberId, { held: [privilege] });
    expect(await run(helper, command, input)).not.toHaveProperty('code');
    if (command !== 'suggestEdit')
      // they edit at once
      expect((await run(moderator, command, input)).__typename).not.toBe('PrivilegeWithheld');
  },
);

it('says less when reputation cannot be asked', async () => {
  delete world.answers['reputation'];
  await tellOf(forum.helper.memberId, { withheld: ['comment'] });
  expect(
    await run(forum.helper, 'comment', { targetId: forum.questionId, body: 'Hm.' }),
  ).toMatchObject({
    ...{ code: 'PRIVILEGE_WITHHELD', pointsNeeded: null, pointsMissing: null },
    message: expect.stringContaining('more points'),
  });
});

it('lets everybody talk below what they asked, and use the tags and links that are there', async () => {
  const { asker, helper } = forum;
  const answer = await run(helper, 'answerQuestion', {
    questionId: forum.questionId,
    body: linked,
  });
  expect(answer.__typename).toBe('Answer');
  const [{ id: answerId }] = await world.db.query<[{ id: string }]>(
    'SELECT id FROM answer WHERE body_source = $1 ORDER BY id DESC',
    [linked],
  );
  await tellOf(asker.memberId, { withheld: ['comment', 'create-tags'] });
  for (const targetId of [forum.questionId, answerId])
    expect((await run(asker, 'comment', { targetId, body: 'Thanks.' })).__typename).toBe('Comment');
  await world.db.query(
    `INSERT INTO tag (id, community_id, name, created_at) VALUES ($1, $2, 'seen', now())`,
    [newId(), forum.communityId],
  );
  const asked = { ...ofCommunity(), title: 'Why?', body: 'Why?', tags: ['seen'] };
  expect((await run(asker, 'askQuestion', asked)).__typename).toBe('Question');
  await tellOf(helper.memberId, { withheld: ['post-links'] });
  const edit = { answerId, body: `${linked} Really.` };
  expect((await run(helper, 'editAnswer', edit)).__typename).toBe('Answer');
  const another = { answerId, body: `${linked} [That](https://example.org).` };
  expect(await run(helper, 'editAnswer', another)).toMatchObject({ privilege: 'post-links' });
});

/** What only authors and moderators do unless rules let others who have the points. */
const granted: readonly [
  privilege: string,
  command: string,
  input: () => object,
  otherwise: string,
][] = [
  [
    'edit-without-review',
    'editQuestion',
    () => ({ questionId: forum.questionId, body: 'Better.' }),
    'NOT_EDITOR',
  ],
  [
    'close-questions',
    'closeQuestion',
    () => ({ questionId: forum.questionId, reason: 'OFF_TOPIC' }),
    'NOT_MODERATOR',
  ],
  ['close-questions', 'reopenQuestion', () => ({ questionId: forum.questionId }), 'NOT_MODERATOR'],
];

it.each(granted)('%s: who has it does %s', async (privilege, command, input, otherwise) => {
  const { helper } = forum;
  expect(await run(helper, command, input())).toMatchObject({ code: otherwise });
  await tellOf(helper.memberId, { withheld: [privilege] });
  expect(await run(helper, command, input())).toMatchObject({ privilege });
  await tellOf(helper.memberId, { held: ['upvote', privilege] });
  expect(await run(helper, command, input())).toEqual({ __typename: 'Question' });
  await tellOf(helper.memberId, {});
  expect(await run(helper, command, input())).toMatchObject({ code: otherwise });
});

it('review-posts, review-tags: who has them decides on suggestions of others', async () => {
  const { helper, communityId } = forum;
  const reviewer = await aMember(world.db, communityId);
  const suggestion = async (tags?: string[]) => {
    await world.db.query(`UPDATE edit_suggestion SET status = 'rejected'`);
    return run(helper, 'suggestEdit', { targetId: forum.questionId, body: 'Better.', tags });
  };
  const { id: first } = await suggestion();
  const approve = (suggestionId: unknown, person = reviewer) =>
    run(person, 'approveEdit', { suggestionId });
  expect(await approve(first)).toMatchObject({ code: 'NOT_EDITOR' });
  await tellOf(reviewer.memberId, { held: ['review-posts'], withheld: ['review-tags'] });
  await tellOf(helper.memberId, { held: ['review-posts', 'review-tags'] });
  expect(await approve(first, helper)).toMatchObject({ code: 'NOT_EDITOR' }); // nobody their own
  expect(await approve(first)).toMatchObject({ __typename: 'EditSuggestion' });
  const { id: second } = await suggestion(['other']);
  expect(await approve(second)).toMatchObject({ privilege: 'review-tags' });
  await tellOf(reviewer.memberId, { held: ['review-posts', 'review-tags'] });
  expect(await approve(second)).toMatchObject({ __typename: 'EditSuggestion' });
});

it('no points edit an article: it is its author’s, and may be paid for', async () => {
  const articleId = await anArticle(world.db, forum.asker);
  await tellOf(forum.helper.memberId, { held: ['edit-without-review', 'review-posts'] });
  expect(await run(forum.helper, 'editArticle', { articleId, body: 'Mine.' })).toMatchObject({
    code: 'NOT_EDITOR',
  });
});
