import {
  CommunityCreated,
  eventTypeNamed,
  MembershipChanged,
  newId,
  type CommunityId,
} from '@lyceum/contracts';
import { inTransaction, serviceContext } from '@lyceum/platform';
import { emitted } from '@lyceum/testing';
import {
  aComment,
  aCommunity,
  aForum,
  aMember,
  anArticle,
  contentWorld,
  type ContentWorld,
  type Person,
} from '../content.factory';
import { recordCommunity } from './record-community.consumer';
import { recordMembership } from './record-membership.consumer';

const ask = `mutation ($communityId: ID!) {
  askQuestion(input: { communityId: $communityId, title: "Why?", body: "Why?" }) {
    __typename ... on UserError { code } ... on Question { id } }
}`;
interface Asked {
  readonly askQuestion: { __typename: string; code?: string; id?: string };
}

describe('standing', () => {
  let world: ContentWorld;
  beforeAll(async () => {
    world = await contentWorld();
  });
  beforeEach(async () => {
    await world.db.query('TRUNCATE outbox, membership, community');
    world.answers['identity'] = () => ({ internalMembership: null, internalCommunity: null });
    world.asked.length = 0;
  });
  afterAll(() => world.close());

  const askIn = async (person: Person, communityId: CommunityId = person.communityId) =>
    world.run<Asked>(person, ask, { communityId });

  /** Told by event, as the worker does. */
  const hear = (type: typeof MembershipChanged | typeof CommunityCreated, payloads: object[]) =>
    inTransaction(serviceContext(world.deps, 'test'), async (tx) => {
      const events = payloads.map((payload) => ({
        id: newId<'Event'>(),
        type: type.name,
        occurredAt: world.deps.now().toISOString(),
        requestId: 'test',
        payload: eventTypeNamed(type.name)?.payload.parse(payload),
      }));
      await (type === MembershipChanged ? recordMembership : recordCommunity).handle(tx, events);
    });
  const membership = (
    { memberId, accountId, communityId }: Person,
    now: { status?: string; role?: string; version: number },
  ) => ({ memberId, accountId, communityId, role: 'member', status: 'active', ...now });
  const somebody = (communityId: CommunityId): Person => ({
    accountId: newId<'Account'>(),
    memberId: newId<'Member'>(),
    communityId,
  });

  describe('as told by events', () => {
    it('is the highest version, in whatever order they come', async () => {
      const person = somebody(await aCommunity(world.db));
      const joined = membership(person, { version: 1 });
      const left = membership(person, { version: 2, status: 'left' });
      const back = membership(person, { version: 3, role: 'moderator' });
      for (const order of [
        [joined, left, back],
        [back, joined, left],
        [left, back, joined],
      ]) {
        await world.db.query('TRUNCATE membership');
        for (const payload of order) await hear(MembershipChanged, [payload]);
        expect(await world.db.query('SELECT status, role, version FROM membership')).toEqual([
          { status: 'active', role: 'moderator', version: 3 },
        ]);
        await world.db.query('TRUNCATE membership');
        await hear(MembershipChanged, order);
        expect(await world.db.query('SELECT version FROM membership')).toEqual([{ version: 3 }]);
      }
    });

    it('knows which communities are private; who says nothing is public', async () => {
      const [open, shut] = [newId<'Community'>(), newId<'Community'>()];
      const founded = { timeZone: 'UTC', rules: { preset: 'x', parameters: {} } };
      await hear(CommunityCreated, [
        { communityId: open, slug: 'open', name: 'Open', ...founded },
        { communityId: shut, slug: 'shut', name: 'Shut', visibility: 'private', ...founded },
      ]);
      expect(await world.db.query('SELECT id, visibility FROM community ORDER BY slug')).toEqual([
        { id: open, visibility: 'public' },
        { id: shut, visibility: 'private' },
      ]);
    });
  });

  describe('not told yet', () => {
    it('is asked of identity before the write, once, and kept', async () => {
      const communityId = newId<'Community'>();
      const person = somebody(communityId);
      world.answers['identity'] = ({ variables }) => ({
        internalMembership: 'accountId' in variables ? membership(person, { version: 1 }) : null,
        internalCommunity: { communityId, slug: 'new', visibility: 'private' },
      });

      expect((await askIn(person)).data.askQuestion.__typename).toBe('Question');
      expect((await askIn(person)).data.askQuestion.__typename).toBe('Question');

      expect(world.asked.map(({ variables }) => variables)).toEqual([
        { communityId },
        { communityId, accountId: person.accountId },
      ]);
      expect(await world.db.query('SELECT visibility FROM community')).toEqual([
        { visibility: 'private' },
      ]);
    });

    it('is asked also of who had left, and the newer version counts', async () => {
      const communityId = await aCommunity(world.db);
      const person = await aMember(world.db, communityId, { status: 'left' });
      world.answers['identity'] = () => ({
        internalMembership: membership(person, { version: 2 }),
      });
      expect((await askIn(person)).data.askQuestion.__typename).toBe('Question');
    });

    it('while identity is down is not guessed: SUBGRAPH_UNAVAILABLE, and nothing is written', async () => {
      const communityId = await aCommunity(world.db);
      world.answers['identity'] = undefined;
      const { errors } = await askIn(somebody(communityId));
      expect(errors).toHaveLength(1);
      expect(await emitted(world.db)).toEqual([]);
    });

    it('does not matter to who is known as a member', async () => {
      const person = await aMember(world.db, await aCommunity(world.db));
      world.answers['identity'] = undefined;
      expect((await askIn(person)).data.askQuestion.__typename).toBe('Question');
      expect(world.asked).toEqual([]);
    });
  });

  it.each(['left', 'banned'])('who has %s may not write', async (status) => {
    const person = await aMember(world.db, await aCommunity(world.db), { status });
    const { data } = await askIn(person);
    expect(data.askQuestion.code).toBe('MEMBERSHIP_REQUIRED');
    expect(await emitted(world.db)).toEqual([]);
  });

  it('a community nobody knows is unknown, and so is what is no id', async () => {
    const person = await aMember(world.db, await aCommunity(world.db));
    for (const id of [newId<'Community'>(), 'x' as CommunityId]) {
      expect((await askIn(person, id)).data.askQuestion.code).toBe('COMMUNITY_UNKNOWN');
    }
  });
});

describe('a private community', () => {
  let world: ContentWorld;
  beforeAll(async () => {
    world = await contentWorld();
  });
  afterAll(() => world.close());

  const everything = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      __typename
      ... on Question { title ofQuestion: answers { edges { node { id } } } }
      ... on Answer { body }
      ... on Article { title }
      ... on Comment { body }
      ... on Tag { name }
      ... on Community { questions { edges { node { id } } } articles { edges { node { id } } } tags { edges { node { id } } }
        pendingEdits { edges { node { id } } } }
      ... on Member { questions { edges { node { id } } } answers { edges { node { id } } } articles { edges { node { id } } } }
    }
  }`;

  /** Its content, by every key that the graph has. */
  const aPrivateForum = async () => {
    const forum = await aForum(world.db, { visibility: 'private' });
    const articleId = await anArticle(world.db, forum.asker);
    const commentId = await aComment(world.db, forum.asker, { type: 'article', id: articleId });
    const tagId = newId<'Tag'>();
    await world.db.query(
      `INSERT INTO tag (id, community_id, name, created_at) VALUES ($1, $2, 'secret', now())`,
      [tagId, forum.communityId],
    );
    const representations = [
      { __typename: 'Question', id: forum.questionId },
      { __typename: 'Answer', id: forum.answerId },
      { __typename: 'Article', id: articleId },
      { __typename: 'Comment', id: commentId },
      { __typename: 'Tag', id: tagId },
      { __typename: 'Community', id: forum.communityId },
      { __typename: 'Member', id: forum.asker.memberId },
    ];
    return { ...forum, articleId, commentId, representations };
  };

  it('is there for its members', async () => {
    const { helper, representations, questionId, answerId, articleId } = await aPrivateForum();
    const { data, errors } = await world.run<{ _entities: object[] }>(helper, everything, {
      representations,
    });
    expect(errors).toEqual([]);
    const list = (id: string) => ({ edges: [{ node: { id } }] });
    expect(data._entities).toMatchObject([
      { title: 'Why?', ofQuestion: list(answerId) },
      { body: '<p>So.</p>' },
      { title: 'How' },
      { body: 'Hm.' },
      { name: 'secret' },
      { questions: list(questionId), articles: list(articleId) },
      { questions: list(questionId), articles: list(articleId) },
    ]);
  });

  it.each(['nobody', 'a stranger', 'a former member', 'a banned member'])(
    'is not there for %s, by whatever key',
    async (who) => {
      const { communityId, stranger, representations } = await aPrivateForum();
      const viewers: Record<string, () => Promise<Person | null>> = {
        nobody: () => Promise.resolve(null),
        'a stranger': () => Promise.resolve(stranger),
        'a former member': () => aMember(world.db, communityId, { status: 'left' }),
        'a banned member': () => aMember(world.db, communityId, { status: 'banned' }),
      };
      const viewer = (await viewers[who]?.()) ?? null;
      const { data } = await world.run<{ _entities: unknown[] }>(viewer, everything, {
        representations,
      });
      const none = { edges: [] };
      expect(data._entities).toEqual([
        null,
        null,
        null,
        null,
        null,
        {
          __typename: 'Community',
          questions: none,
          articles: none,
          tags: none,
          pendingEdits: none,
        },
        { __typename: 'Member', questions: none, answers: none, articles: none },
      ]);
    },
  );

  it('has posts that outsiders can neither read nor write to', async () => {
    const { stranger, questionId, answerId, articleId, communityId } = await aPrivateForum();
    const read = `query ($q: ID!, $a: ID!, $r: ID!) { question(id: $q) { id } answer(id: $a) { id } article(id: $r) { id } }`;
    const reply = await world.run(stranger, read, { q: questionId, a: answerId, r: articleId });
    expect(reply.codes).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);

    const write = `mutation ($id: ID!, $a: ID!, $c: ID!) {
      vote(input: { targetId: $id, value: UP }) { ... on UserError { code } }
      answerQuestion(input: { questionId: $id, body: "x" }) { ... on UserError { code } }
      comment(input: { targetId: $id, body: "x" }) { ... on UserError { code } }
      favouriteQuestion(input: { questionId: $id }) { ... on UserError { code } }
      acceptAnswer(input: { answerId: $a }) { ... on UserError { code } }
      editQuestion(input: { questionId: $id, title: "x" }) { ... on UserError { code } }
      suggestEdit(input: { targetId: $id, body: "x" }) { ... on UserError { code } }
      closeQuestion(input: { questionId: $id, reason: OTHER }) { ... on UserError { code } }
      offerBounty(input: { questionId: $id, amount: 50 }) { ... on UserError { code } }
      awardBounty(input: { answerId: $a }) { ... on UserError { code } }
      askQuestion(input: { communityId: $c, title: "x", body: "x" }) { ... on UserError { code } }
      publishArticle(input: { communityId: $c, title: "x", body: "x" }) { ... on UserError { code } }
    }`;
    const { data } = await world.run<Record<string, { code: string }>>(stranger, write, {
      id: questionId,
      a: answerId,
      c: communityId,
    });
    expect(new Set(Object.values(data).map(({ code }) => code))).toEqual(
      new Set(['POST_NOT_FOUND', 'COMMUNITY_UNKNOWN']),
    );
    expect(await emitted(world.db)).toEqual([]);
  });

  it('is there at once for who was just let in, before the event of it has come', async () => {
    const { communityId, questionId } = await aPrivateForum();
    const newcomer = { accountId: newId<'Account'>(), memberId: newId<'Member'>(), communityId };
    world.answers['identity'] = () => ({
      internalMembership: { ...newcomer, role: 'member', status: 'active', version: 1 },
    });
    const { data } = await world.run(newcomer, 'query ($id: ID!) { question(id: $id) { id } }', {
      id: questionId,
    });
    expect(data).toEqual({ question: { id: questionId } });
  });
});
