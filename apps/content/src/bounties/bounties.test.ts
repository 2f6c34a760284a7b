import { newId, type AnswerId, type BountyId } from '@lyceum/contracts';
import { serviceContext } from '@lyceum/platform';
import { emitted } from '@lyceum/testing';
import {
  aForum,
  anAnswer,
  aQuestion,
  contentWorld,
  type ContentWorld,
  type Forum,
  type Person,
} from '../content.factory';
import { endBounties } from './end-bounties.job';

interface Outcome {
  readonly __typename: string;
  readonly code?: string;
  readonly id?: string;
  readonly points?: number;
  readonly [field: string]: unknown;
}

describe('bounties', () => {
  let world: ContentWorld;
  let forum: Forum;
  let points: number;
  beforeAll(async () => {
    world = await contentWorld();
  });
  beforeEach(async () => {
    await world.db.query('TRUNCATE outbox');
    world.setNow('2026-01-01T00:00:00Z');
    points = 1_000;
    world.answers['reputation'] = () => ({ _entities: [{ points }] });
    world.asked.length = 0;
    forum = await aForum(world.db);
  });
  afterAll(() => world.close());

  const fields = `__typename ... on UserError { code } ... on Bounty { id amount offeredAt expiresAt closedAt awardedAmount
    awardedAnswer { id } offerer { id } question { id openBounty { id } bounties { edges { node { id } } } } }`;
  const offer = async (person: Person | null, input: object = {}) => {
    const { data, codes } = await world.run<{ offerBounty: Outcome } | null>(
      person,
      `mutation ($input: OfferBountyInput!) { offerBounty(input: $input) { ${fields} ... on NotEnoughPoints { points } } }`,
      { input: { questionId: forum.questionId, amount: 100, ...input } },
    );
    return data?.offerBounty ?? { __typename: 'Error', code: String(codes[0]) };
  };
  const award = async (person: Person | null, answerId: string = forum.answerId) => {
    const { data, codes } = await world.run<{ awardBounty: Outcome } | null>(
      person,
      `mutation ($input: AwardBountyInput!) { awardBounty(input: $input) { ${fields} } }`,
      { input: { answerId } },
    );
    return data?.awardBounty ?? { __typename: 'Error', code: String(codes[0]) };
  };
  const told = async (type: string) =>
    (await emitted(world.db)).filter((event) => event.type === type).map(({ payload }) => payload);

  describe('offerBounty', () => {
    it('asks reputation what the offerer has, offers for 7 days, and tells', async () => {
      const bounty = await offer(forum.asker);
      expect(bounty).toMatchObject({
        amount: 100,
        offeredAt: '2026-01-01T00:00:00.000Z',
        expiresAt: '2026-01-08T00:00:00.000Z',
        closedAt: null,
        offerer: { id: forum.asker.memberId },
        question: {
          openBounty: { id: bounty.id },
          bounties: { edges: [{ node: { id: bounty.id } }] },
        },
      });
      expect(world.asked).toEqual([
        {
          subgraph: 'reputation',
          variables: { representations: [{ __typename: 'Member', id: forum.asker.memberId }] },
        },
      ]);
      expect(await told('content.bounty.offered.v1')).toEqual([
        {
          communityId: forum.communityId,
          bountyId: bounty.id,
          questionId: forum.questionId,
          offererId: forum.asker.memberId,
          amount: 100,
        },
      ]);
    });

    it.each([-50, 0, 49, 51, 75, 501, 550, 2 ** 31 - 1])('refuses %d points', async (amount) => {
      expect((await offer(forum.asker, { amount })).code).toBe('BOUNTY_AMOUNT_INVALID');
    });

    it.each([50, 500])('takes %d points', async (amount) => {
      expect(await offer(forum.asker, { amount })).toMatchObject({ amount });
    });

    it('leaves at least one point', async () => {
      points = 100;
      expect(await offer(forum.asker)).toMatchObject({ code: 'NOT_ENOUGH_POINTS', points: 100 });
      points = 101;
      expect((await offer(forum.asker)).__typename).toBe('Bounty');
    });

    it('never spends points twice: not those of an offer that reputation has not heard of', async () => {
      points = 250;
      const [first, second, third] = [
        await offer(forum.asker),
        await offer(forum.asker, { questionId: await aQuestion(world.db, forum.asker) }),
        await offer(forum.asker, { questionId: await aQuestion(world.db, forum.asker) }),
      ];
      expect([first.__typename, second.__typename]).toEqual(['Bounty', 'Bounty']);
      expect(third).toMatchObject({ code: 'NOT_ENOUGH_POINTS', points: 50 });

      await world.db.query('TRUNCATE outbox'); // consumed: now the points are less
      points = 50;
      const more = await offer(forum.asker, { questionId: await aQuestion(world.db, forum.asker) });
      expect(more).toMatchObject({ code: 'NOT_ENOUGH_POINTS', points: 50 });
    });

    it('never spends points twice: not in ten offers at once', async () => {
      points = 301;
      const questions = await Promise.all(
        Array.from({ length: 10 }, () => aQuestion(world.db, forum.asker)),
      );
      const made = await Promise.all(
        questions.map((questionId) => offer(forum.asker, { questionId })),
      );
      expect(made.filter(({ __typename }) => __typename === 'Bounty')).toHaveLength(3);
      expect(await told('content.bounty.offered.v1')).toHaveLength(3);
    });

    it('is one a question at a time, also when ten are offered at once', async () => {
      const people = [forum.asker, forum.helper, forum.moderator];
      const made = await Promise.all(
        Array.from({ length: 10 }, (_, n) => offer(people[n % 3] ?? forum.asker)),
      );
      expect(made.filter(({ __typename }) => __typename === 'Bounty')).toHaveLength(1);
      expect(made.filter(({ code }) => code === 'BOUNTY_OPEN')).toHaveLength(9);
    });

    it('with a key is made once', async () => {
      const first = await offer(forum.asker, { idempotencyKey: 'k' });
      expect((await offer(forum.asker, { idempotencyKey: 'k' })).id).toBe(first.id);
      expect((await offer(forum.asker, { idempotencyKey: 'k', amount: 50 })).code).toBe(
        'IDEMPOTENCY_CONFLICT',
      );
      expect(await told('content.bounty.offered.v1')).toHaveLength(1);
    });

    it.each<[string, string, () => Promise<Outcome>]>([
      ['nobody', 'UNAUTHENTICATED', () => offer(null)],
      ['a stranger', 'MEMBERSHIP_REQUIRED', () => offer(forum.stranger)],
      ['no question', 'POST_NOT_FOUND', () => offer(forum.asker, { questionId: newId() })],
      ['an empty key', 'INVALID_CONTENT', () => offer(forum.asker, { idempotencyKey: '' })],
      [
        'a closed question',
        'QUESTION_CLOSED',
        async () => {
          await world.db.query('UPDATE question SET closed_at = now() WHERE id = $1', [
            forum.questionId,
          ]);
          return offer(forum.asker);
        },
      ],
    ])('refuses %s: %s', async (_, code, run) => {
      expect((await run()).code).toBe(code);
      expect(await emitted(world.db)).toEqual([]);
    });

    it('offers nothing while reputation is down', async () => {
      world.answers['reputation'] = undefined;
      expect((await offer(forum.asker)).__typename).toBe('Error');
      expect(await emitted(world.db)).toEqual([]);
    });
  });

  describe('awardBounty', () => {
    it('gives all of it to an answer, once, and tells', async () => {
      const { id } = await offer(forum.asker);
      expect(await award(forum.asker)).toMatchObject({
        id,
        closedAt: '2026-01-01T00:00:00.000Z',
        awardedAmount: 100,
        awardedAnswer: { id: forum.answerId },
        question: { openBounty: null },
      });
      expect((await award(forum.asker)).code).toBe('NO_OPEN_BOUNTY');
      expect(await told('content.bounty.awarded.v1')).toEqual([
        {
          communityId: forum.communityId,
          bountyId: id,
          answerId: forum.answerId,
          recipientId: forum.helper.memberId,
          amount: 100,
        },
      ]);
      expect((await offer(forum.moderator)).__typename).toBe('Bounty');
    });

    it('gives it once, when it is awarded ten times at once', async () => {
      await offer(forum.asker);
      await Promise.all(Array.from({ length: 10 }, () => award(forum.asker)));
      expect(await told('content.bounty.awarded.v1')).toHaveLength(1);
    });

    it.each<[string, string, () => Promise<Outcome>]>([
      ['nobody', 'UNAUTHENTICATED', () => award(null)],
      ['a stranger', 'MEMBERSHIP_REQUIRED', () => award(forum.stranger)],
      ['who did not offer it', 'NOT_OFFERER', () => award(forum.moderator)],
      ['no answer', 'POST_NOT_FOUND', () => award(forum.asker, newId())],
      [
        'an own answer',
        'OWN_ANSWER',
        async () =>
          award(
            forum.asker,
            await anAnswer(world.db, forum.asker, { questionId: forum.questionId }),
          ),
      ],
      [
        'an answer to another question',
        'NO_OPEN_BOUNTY',
        async () => {
          const questionId = await aQuestion(world.db, forum.asker);
          return award(forum.asker, await anAnswer(world.db, forum.helper, { questionId }));
        },
      ],
    ])('refuses %s: %s', async (_, code, run) => {
      await offer(forum.asker);
      expect((await run()).code).toBe(code);
      expect(await told('content.bounty.awarded.v1')).toEqual([]);
    });
  });

  describe('that nobody awards', () => {
    const endAt = async (now: string): Promise<void> => {
      world.setNow(now);
      const ctx = serviceContext(world.deps, 'test');
      await endBounties.run({ deps: world.deps, ctx, signal: new AbortController().signal }, {});
    };
    const rowOf = async (id: string | undefined) => {
      const [row] = await world.db.query<{ closed: boolean; answer: AnswerId; amount: number }[]>(
        `SELECT closed_at IS NOT NULL AS closed, awarded_answer_id AS answer, awarded_amount AS amount
         FROM bounty WHERE id = $1`,
        [id],
      );
      return row;
    };
    const lateAnswer = (score: number, by = forum.helper) =>
      anAnswer(world.db, by, {
        questionId: forum.questionId,
        createdAt: new Date('2026-01-03'),
        score,
      });

    it('end after 7 days, not before, and half goes to the best answer since', async () => {
      const { id } = await offer(forum.asker, { amount: 50 });
      await lateAnswer(2);
      const best = await lateAnswer(5);

      await endAt('2026-01-07T23:59:59Z');
      expect(await rowOf(id)).toMatchObject({ closed: false });
      await endAt('2026-01-08T00:00:00Z');
      await endAt('2026-01-09T00:00:00Z');

      expect(await rowOf(id)).toEqual({ closed: true, answer: best, amount: 25 });
      expect(await told('content.bounty.awarded.v1')).toMatchObject([
        { bountyId: id, answerId: best, recipientId: forum.helper.memberId, amount: 25 },
      ]);
    });

    it('go to nobody when no answer since has two votes', async () => {
      const { id } = await offer(forum.asker);
      await lateAnswer(1);
      await lateAnswer(9, forum.asker);
      await endAt('2026-01-08T00:00:00Z');
      expect(await rowOf(id)).toEqual({ closed: true, answer: null, amount: null });
      expect(await told('content.bounty.awarded.v1')).toEqual([]);
    });

    it('go whole to the answer that who offered has accepted', async () => {
      const { id } = await offer(forum.asker);
      const [accepted] = [await lateAnswer(0), await lateAnswer(7)];
      await world.run(
        forum.asker,
        'mutation ($id: ID!) { acceptAnswer(input: { answerId: $id }) { __typename } }',
        { id: accepted },
      );
      await endAt('2026-01-08T00:00:00Z');
      expect(await rowOf(id)).toEqual({ closed: true, answer: accepted, amount: 100 });
    });

    it('are each ended once, by two jobs at once', async () => {
      const ids: BountyId[] = [];
      for (let n = 0; n < 6; n += 1) {
        const questionId = await aQuestion(world.db, forum.asker);
        const { id } = await offer(forum.asker, { questionId, amount: 50 });
        ids.push(id as BountyId);
        await anAnswer(world.db, forum.helper, {
          questionId,
          createdAt: new Date('2026-01-03'),
          score: 2,
        });
      }
      await Promise.all([endAt('2026-01-08T00:00:00Z'), endAt('2026-01-08T00:00:00Z')]);
      const awarded = await told('content.bounty.awarded.v1');
      expect(awarded.map(({ bountyId }) => bountyId).toSorted()).toEqual(ids.toSorted());
    });

    it('that another system offered stay as they are', async () => {
      const id = newId<'Bounty'>();
      await world.db.query(
        `INSERT INTO bounty (id, community_id, question_id, amount, offered_at) VALUES ($1, $2, $3, 50, $4)`,
        [id, forum.communityId, forum.questionId, new Date('2015-01-01')],
      );
      await endAt('2026-01-08T00:00:00Z');
      expect(await rowOf(id)).toMatchObject({ closed: false });
      expect((await offer(forum.asker)).__typename).toBe('Bounty');
    });
  });
});
