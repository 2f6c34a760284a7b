import { newId, type CommunityId } from '@lyceum/contracts';
import {
  actors,
  byOwner,
  describeRights,
  isActive,
  notOwn,
  ownerOr,
  type ActorName,
  type Operation,
} from '@lyceum/testing';
import { createApp } from './app';
import {
  aComment,
  aCommunity,
  aMember,
  anAnswer,
  anArticle,
  aQuestion,
  contentWorld,
  type ContentWorld,
  type Person,
} from './content.factory';

type About = Parameters<Operation<Person>['make']>[0];

let world: ContentWorld;
let other: Person;
/** Of a community for its members alone. */
let insideId: CommunityId;
let articleInsideId: string;

const aQuestionOf = (owner: Person) =>
  aQuestion(world.db, { ...owner, communityId: other.communityId });
const anAnswerOf = async (owner: Person) =>
  anAnswer(
    world.db,
    { ...owner, communityId: other.communityId },
    { questionId: await aQuestionOf(other) },
  );
const anArticleOf = (owner: Person) =>
  anArticle(world.db, { ...owner, communityId: other.communityId });

/** Of somebody who is none of the actors, so that nobody decides on a suggestion of their own. */
const aSuggestion = async ({ owner }: About) => {
  const editor = await aMember(world.db, other.communityId);
  const { data } = await world.run<{ suggestEdit: { id: string } }>(
    editor,
    'mutation ($input: SuggestEditInput!) { suggestEdit(input: $input) { ... on EditSuggestion { id } } }',
    { input: { targetId: await aQuestionOf(owner), title: 'Why, then?', body: 'Better.' } },
  );
  return { input: { suggestionId: data.suggestEdit.id } };
};

const aBountyOn = async (questionId: string, offererId: string): Promise<void> => {
  await world.db.query(
    `INSERT INTO bounty (id, community_id, question_id, offerer_id, amount, offered_at, expires_at)
     VALUES ($1, $2, $3, $4, 50, '2025-12-31', '2026-01-07')`,
    [newId(), other.communityId, questionId, offererId],
  );
};

const write = { right: 'content.write', refusals: ['MEMBERSHIP_REQUIRED'] } as const;
const edit = {
  right: 'content.moderate',
  may: ownerOr('content.moderate'),
  refusals: ['MEMBERSHIP_REQUIRED', 'NOT_EDITOR'],
} as const;
const owned = {
  may: byOwner,
  refusals: ['MEMBERSHIP_REQUIRED', 'NOT_QUESTION_AUTHOR', 'NOT_OFFERER'],
};

const operations: Record<string, Operation<Person>> = {
  askQuestion: {
    ...write,
    whose: ['own'],
    make: () => ({ input: { communityId: other.communityId, title: 'How?', body: 'How?' } }),
  },
  configureExposure: {
    right: 'incentives.manage',
    whose: ['own'],
    refusals: ['MEMBERSHIP_REQUIRED', 'NOT_IN_CHARGE'],
    make: () => ({ input: { communityId: other.communityId, newcomerDays: 7 } }),
  },
  chooseExposure: {
    ...write,
    whose: ['own'],
    make: () => ({
      input: { communityId: other.communityId, isShown: false, seesNewcomers: true },
    }),
  },
  rate: {
    ...write,
    may: notOwn,
    refusals: ['MEMBERSHIP_REQUIRED', 'OWN_WORK'],
    make: async ({ owner }) => ({ input: { subjectId: await anArticleOf(owner), value: 4 } }),
  },
  publishArticle: {
    ...write,
    whose: ['own'],
    make: () => ({ input: { communityId: other.communityId, title: 'Thus', body: 'Thus.' } }),
  },
  answerQuestion: {
    ...write,
    make: async ({ owner }) => ({ input: { questionId: await aQuestionOf(owner), body: 'So.' } }),
  },
  comment: {
    ...write,
    make: async ({ owner }) => ({ input: { targetId: await aQuestionOf(owner), body: 'Hm.' } }),
  },
  favouriteQuestion: {
    ...write,
    make: async ({ owner }) => ({ input: { questionId: await aQuestionOf(owner) } }),
  },
  offerBounty: {
    ...write,
    make: async ({ owner }) => ({ input: { questionId: await aQuestionOf(owner), amount: 50 } }),
  },
  vote: {
    ...write,
    may: notOwn,
    refusals: ['MEMBERSHIP_REQUIRED', 'OWN_POST'],
    make: async ({ owner }) => ({
      input: {
        targetId: await aComment(
          world.db,
          { ...owner, communityId: other.communityId },
          { type: 'question', id: await aQuestionOf(other) },
        ),
        value: 'UP',
      },
    }),
  },
  acceptAnswer: {
    ...owned,
    make: async ({ owner }) => {
      const questionId = await aQuestionOf(owner);
      return { input: { answerId: await anAnswer(world.db, other, { questionId }) } };
    },
  },
  unacceptAnswer: {
    ...owned,
    make: async ({ owner }) => {
      const questionId = await aQuestionOf(owner);
      const answerId = await anAnswer(world.db, other, { questionId });
      await world.db.query('UPDATE question SET accepted_answer_id = $2 WHERE id = $1', [
        questionId,
        answerId,
      ]);
      return { input: { questionId } };
    },
  },
  awardBounty: {
    ...owned,
    make: async ({ owner }) => {
      const questionId = await aQuestionOf(other);
      await aBountyOn(questionId, owner.memberId);
      const helper = await aMember(world.db, other.communityId);
      return { input: { answerId: await anAnswer(world.db, helper, { questionId }) } };
    },
  },
  editQuestion: {
    ...edit,
    make: async ({ owner }) => ({
      input: { questionId: await aQuestionOf(owner), title: 'Why, then?' },
    }),
  },
  editAnswer: {
    ...edit,
    make: async ({ owner }) => ({ input: { answerId: await anAnswerOf(owner), body: 'Better.' } }),
  },
  editArticle: {
    ...edit,
    make: async ({ owner }) => ({
      input: { articleId: await anArticleOf(owner), body: 'Better.' },
    }),
  },
  setArticleAccess: {
    ...edit,
    make: async ({ owner }) => ({ input: { articleId: await anArticleOf(owner), access: 'PAID' } }),
  },
  linkQuestions: {
    ...edit,
    make: async ({ owner }) => ({
      input: { questionId: await aQuestionOf(owner), relatedQuestionId: await aQuestionOf(other) },
    }),
  },
  unlinkQuestions: {
    ...edit,
    make: async ({ owner }) => {
      const [questionId, relatedQuestionId] = [await aQuestionOf(owner), await aQuestionOf(other)];
      await world.db.query(
        `INSERT INTO post_link (id, community_id, question_id, related_question_id, kind, created_by, created_at)
         VALUES ($1, $2, $3, $4, 'related', $5, now())`,
        [newId(), other.communityId, questionId, relatedQuestionId, other.memberId],
      );
      return { input: { questionId, relatedQuestionId } };
    },
  },
  'closeQuestion as asked before': {
    ...edit,
    document: `mutation ($input: CloseQuestionInput!) { closeQuestion(input: $input) { __typename ... on UserError { code } } }`,
    make: async ({ owner }) => ({
      input: {
        questionId: await aQuestionOf(owner),
        reason: 'DUPLICATE',
        duplicateOfId: await aQuestionOf(other),
      },
    }),
  },
  closeQuestion: {
    right: 'content.moderate',
    refusals: ['MEMBERSHIP_REQUIRED', 'NOT_MODERATOR'],
    make: async ({ owner }) => ({
      input: { questionId: await aQuestionOf(owner), reason: 'OFF_TOPIC' },
    }),
  },
  reopenQuestion: {
    right: 'content.moderate',
    refusals: ['MEMBERSHIP_REQUIRED', 'NOT_MODERATOR'],
    make: async ({ owner }) => {
      const questionId = await aQuestionOf(owner);
      await world.db.query(
        `UPDATE question SET closed_at = now(), close_reason = 'off_topic' WHERE id = $1`,
        [questionId],
      );
      return { input: { questionId } };
    },
  },
  suggestEdit: {
    may: (actor, whose) => notOwn(actor, whose) && !ownerOr('content.moderate')(actor, whose),
    refusals: ['MEMBERSHIP_REQUIRED', 'EDIT_DIRECTLY'],
    make: async ({ owner }) => ({
      input: { targetId: await aQuestionOf(owner), title: 'Why, then?', body: 'Better.' },
    }),
  },
  approveEdit: { ...edit, make: aSuggestion },
  rejectEdit: { ...edit, make: aSuggestion },
  "decide on a suggestion of one's own": {
    may: () => false,
    refusals: ['MEMBERSHIP_REQUIRED', 'NOT_EDITOR'],
    document: `mutation ($input: DecideEditInput!) { approveEdit(input: $input) { __typename ... on UserError { code } } }`,
    make: async ({ actor, owner, whose }) => {
      const targetId = await aQuestionOf(owner);
      const id = newId();
      await world.db.query(
        `INSERT INTO edit_suggestion (id, community_id, target_type, target_id, editor_id, title, body_source, summary, base_number, created_at)
         VALUES ($1, $2, 'question', $3, $4, 'Why, then?', 'Better.', $5, 1, now())`,
        [id, other.communityId, targetId, (actor ?? other).memberId, whose],
      );
      return { input: { suggestionId: id } };
    },
  },
  'read what is in a private community': {
    right: 'community.read-private',
    refusals: ['NOT_FOUND'],
    whose: ['other'],
    document: 'query ($id: ID!) { article(id: $id) { id title } }',
    make: () => ({ id: articleInsideId }),
  },
};

const anActor = async (actor: Exclude<ActorName, 'nobody'>): Promise<Person> => {
  if (actor === 'stranger') return aMember(world.db, await aCommunity(world.db), { role: 'owner' });
  const standing = isActive(actor) ? { role: actor } : { role: 'owner' as const, status: actor };
  const person = await aMember(world.db, other.communityId, standing);
  await world.db.query(
    `INSERT INTO membership (member_id, account_id, community_id, role, status, version) VALUES ($1, $2, $3, $4, $5, 1)`,
    [newId(), person.accountId, insideId, standing.role, isActive(actor) ? 'active' : actor],
  );
  return person;
};

describeRights<Person>({
  rights: ['content.write', 'content.moderate', 'community.read-private', 'incentives.manage'],
  operations,
  world: async () => {
    world = await contentWorld();
    world.answers['reputation'] = () => ({ _entities: [{ points: 1_000 }] });
    other = await aMember(world.db, await aCommunity(world.db));
    insideId = await aCommunity(world.db, { visibility: 'private' });
    articleInsideId = await anArticle(world.db, await aMember(world.db, insideId));
    const people = {} as Record<Exclude<ActorName, 'nobody'>, Person>;
    for (const actor of actors) if (actor !== 'nobody') people[actor] = await anActor(actor);
    return { ...world, schema: createApp(world.deps).schema, people, other };
  },
});
