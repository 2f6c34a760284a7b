import { newId, roles, staffRoles, type AnswerId, type MemberId } from '@lyceum/contracts';
import fc from 'fast-check';
import { mayAccept } from './answers/answer.policy';
import {
  automaticAward,
  canAfford,
  canReceive,
  isBountyAmount,
  mayAward,
  type Candidate,
} from './bounties/bounty.policy';
import { isModerator, mayEdit } from './communities/rights';
import { mayClose, mayLink, mayReopen } from './links/link.policy';
import { isCommunityOwned } from './posts/community-owned';
import { mayDecide } from './suggestions/suggestion.policy';
import { mayVote } from './votes/vote.policy';

const me = newId<'Member'>();
const other = newId<'Member'>();
const relations = { author: me, 'not the author': other, 'of unknown authorship': null } as const;

/** Every role in every relation to the post. */
const cases = roles.flatMap((role) =>
  Object.entries(relations).map(([relation, authorId]) => ({
    role,
    relation,
    member: { memberId: me, role },
    post: { authorId },
    isModerator: staffRoles.includes(role),
    isAuthor: authorId === me,
  })),
);

describe.each(cases)('$role, $relation', ({ member, post, isAuthor, ...who }) => {
  it('edits own posts, as moderator all', () => {
    expect(isModerator(member)).toBe(who.isModerator);
    expect(mayEdit(member, post)).toBe(isAuthor || who.isModerator);
    for (const editorId of [me, other])
      expect(mayDecide(member, { post, editorId })).toBe(
        (isAuthor || who.isModerator) && editorId !== me,
      );
  });

  it('votes on the posts of others, and accepts on own questions', () => {
    expect(mayVote(member, post)).toBe(!isAuthor);
    expect(mayAccept(member, post)).toBe(isAuthor);
  });

  it('links, closes and reopens', () => {
    expect(mayLink(member, post)).toBe(isAuthor || who.isModerator);
    expect(mayClose(member, { question: post, isDuplicate: true })).toBe(
      isAuthor || who.isModerator,
    );
    expect(mayClose(member, { question: post, isDuplicate: false })).toBe(who.isModerator);
    expect(mayReopen(member)).toBe(who.isModerator);
  });

  it('awards own bounties, to others', () => {
    expect(mayAward(member, { offererId: post.authorId })).toBe(isAuthor);
    expect(canReceive(post, member)).toBe(!isAuthor);
  });
});

describe('a bounty', () => {
  it('is 50 to 500 in steps of 50', () => {
    const valid = Array.from({ length: 1_200 }, (_, n) => n - 100).filter(isBountyAmount);
    expect(valid).toEqual([50, 100, 150, 200, 250, 300, 350, 400, 450, 500]);
  });

  it('leaves a point', () => {
    expect(canAfford({ points: 51, amount: 50 })).toBe(true);
    expect(canAfford({ points: 50, amount: 50 })).toBe(false);
  });
});

describe('automaticAward', () => {
  const offeredAt = new Date('2026-01-01');
  const candidate = fc.record<Candidate>({
    id: fc.uuid().map((id) => id as AnswerId),
    authorId: fc.constantFrom(me, other, newId<'Member'>(), null),
    score: fc.integer({ min: -3, max: 5 }),
    createdAt: fc.date({
      min: new Date('2025-12-30'),
      max: new Date('2026-01-05'),
      noInvalidDate: true,
    }),
  });
  const world = fc
    .record({
      answers: fc.uniqueArray(candidate, { maxLength: 8, selector: ({ id }) => id }),
      amount: fc.integer({ min: 1, max: 10 }).map((n) => n * 50),
      askerId: fc.constantFrom<MemberId | null>(me, other, null),
      offererId: fc.constantFrom<MemberId | null>(me, null),
      accepted: fc.nat({ max: 12 }),
    })
    .map(({ accepted, answers, ...rest }) => ({
      answers,
      bounty: { ...rest, offeredAt, acceptedAnswerId: answers[accepted]?.id ?? null },
    }));

  it('goes to an answer of somebody else that came after the offer, or to nobody', () => {
    fc.assert(
      fc.property(world, ({ bounty, answers }) => {
        const award = automaticAward(bounty, answers);
        const eligible = answers.filter(
          (a) => a.authorId !== null && a.authorId !== bounty.offererId && a.createdAt > offeredAt,
        );
        const isOwn = bounty.askerId !== null && bounty.askerId === bounty.offererId;
        const accepted = isOwn
          ? eligible.find(({ id }) => id === bounty.acceptedAnswerId)
          : undefined;
        const scores = eligible.map(({ score }) => score).filter((score) => score >= 2);
        if (accepted !== undefined)
          expect(award).toEqual({ answer: accepted, amount: bounty.amount });
        else if (scores.length === 0) expect(award).toBeNull();
        else {
          expect(award?.amount).toBe(bounty.amount / 2);
          expect(award?.answer.score).toBe(Math.max(...scores));
          expect(eligible).toContain(award?.answer);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order of the answers, ties of time excepted', () => {
    fc.assert(
      fc.property(world, ({ bounty, answers }) => {
        const times = new Set(answers.map(({ createdAt }) => createdAt.getTime()));
        fc.pre(times.size === answers.length);
        expect(automaticAward(bounty, answers.toReversed())).toEqual(
          automaticAward(bounty, answers),
        );
      }),
    );
  });
});

describe('isCommunityOwned', () => {
  it.each([
    [null, false],
    ['2026-01-02T00:00:00Z', false],
    ['2026-01-01T23:59:59Z', true],
    ['2026-01-01T00:00:00Z', true],
    ['2025-12-31T23:59:59Z', true],
  ])('since %s, at noon of 2026-01-01: %s', (since, expected) => {
    const communityOwnedAt = since === null ? null : new Date(since);
    expect(isCommunityOwned({ communityOwnedAt }, new Date('2026-01-01T12:00:00Z'))).toBe(expected);
  });
});
