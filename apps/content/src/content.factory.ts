import {
  newId,
  type AccountId,
  type AnswerId,
  type ArticleId,
  type CommentId,
  type CommunityId,
  type MemberId,
  type QuestionId,
} from '@lyceum/contracts';
import type { InternalGraph, Visibility } from '@lyceum/platform';
import { testWorld, type TestWorld } from '@lyceum/testing';
import { execute, parse, validate, type DocumentNode, type GraphQLError } from 'graphql';
import type { EntityManager } from 'typeorm';
import { createApp, database } from './app';
import type { Role } from './communities/membership.entity';

/** What the other subgraphs answer in a test: by subgraph, what each is asked. Unanswered is down. */
export type Answers = Partial<
  Record<string, (request: { query: string; variables: Record<string, unknown> }) => unknown>
>;

export interface Reply<Data> {
  readonly data: Data;
  readonly errors: readonly GraphQLError[];
  readonly codes: readonly unknown[];
}

export interface ContentWorld extends TestWorld {
  /** Tests set what identity and reputation answer. */
  readonly answers: Answers;
  /** What they were asked. */
  readonly asked: { subgraph: string; variables: Record<string, unknown> }[];
  /** An operation, as the gateway sends it for this account or nobody. */
  run<Data>(
    account: Person | null,
    source: string,
    variables?: Record<string, unknown>,
  ): Promise<Reply<Data>>;
}

/** Identity has nobody else to tell of, unless a test says otherwise. */
const nobodyElse = () => ({ internalMembership: null, internalCommunity: null });

export const contentWorld = async (): Promise<ContentWorld> => {
  const answers: Answers = { identity: nobodyElse };
  const asked: ContentWorld['asked'] = [];
  const graph: InternalGraph = {
    query: (subgraph, request) => {
      asked.push({ subgraph, variables: request.variables });
      const answer = answers[subgraph];
      return answer === undefined
        ? Promise.reject(new Error(`${subgraph} is down`))
        : Promise.resolve(answer(request) as never);
    },
  };
  const world = await testWorld({ app: 'content', database, graph });
  const { schema } = createApp(world.deps);
  const documents = new Map<string, DocumentNode>();
  const documentOf = (source: string): DocumentNode => {
    const document = documents.get(source) ?? parse(source);
    if (documents.has(source)) return document;
    const [mistake] = validate(schema, document);
    if (mistake !== undefined) throw mistake; // of the test, not of what it tests
    documents.set(source, document);
    return document;
  };
  return {
    ...world,
    answers,
    asked,
    run: async (person, source, variables = {}) => {
      const contextValue = world.as(person?.accountId ?? null);
      const document = documentOf(source);
      const result = await execute({ schema, document, contextValue, variableValues: variables });
      const errors = result.errors ?? [];
      return { data: result.data as never, errors, codes: errors.map((e) => e.extensions['code']) };
    },
  };
};

export interface Person {
  readonly accountId: AccountId;
  readonly memberId: MemberId;
  readonly communityId: CommunityId;
}

export const aCommunity = async (
  db: EntityManager,
  { visibility = 'public' }: { visibility?: Visibility } = {},
): Promise<CommunityId> => {
  const id = newId<'Community'>();
  await db.query('INSERT INTO community (id, slug, visibility) VALUES ($1, $2, $3)', [
    id,
    `c-${id.slice(-12)}`,
    visibility,
  ]);
  return id;
};

export const aMember = async (
  db: EntityManager,
  communityId: CommunityId,
  { role = 'member', status = 'active' }: { role?: Role; status?: string } = {},
): Promise<Person> => {
  const person = { accountId: newId<'Account'>(), memberId: newId<'Member'>(), communityId };
  await db.query(
    `INSERT INTO membership (member_id, account_id, community_id, role, status, version)
     VALUES ($1, $2, $3, $4, $5, 1)`,
    [person.memberId, person.accountId, communityId, role, status],
  );
  return person;
};

interface By {
  readonly communityId: CommunityId;
  readonly memberId: MemberId | null;
}

export const aQuestion = async (
  db: EntityManager,
  { communityId, memberId }: By,
  values: { createdAt?: Date; title?: string; communityOwnedAt?: Date; score?: number } = {},
): Promise<QuestionId> => {
  const id = newId<'Question'>();
  await db.query(
    `INSERT INTO question (id, community_id, author_id, title, body_source, body_html, created_at, last_activity_at,
       community_owned_at, score)
     VALUES ($1, $2, $3, $4, 'Why?', '<p>Why?</p>', $5, $5, $6, $7)`,
    [
      id,
      communityId,
      memberId,
      values.title ?? 'Why?',
      values.createdAt ?? new Date('2025-12-01'),
      values.communityOwnedAt ?? null,
      values.score ?? 0,
    ],
  );
  return id;
};

export const anAnswer = async (
  db: EntityManager,
  { communityId, memberId }: By,
  values: { questionId: QuestionId; createdAt?: Date; score?: number; communityOwnedAt?: Date },
): Promise<AnswerId> => {
  const id = newId<'Answer'>();
  await db.query(
    `INSERT INTO answer (id, community_id, question_id, author_id, body_source, body_html, created_at, score,
       community_owned_at)
     VALUES ($1, $2, $3, $4, 'So.', '<p>So.</p>', $5, $6, $7)`,
    [
      id,
      communityId,
      values.questionId,
      memberId,
      values.createdAt ?? new Date('2025-12-02'),
      values.score ?? 0,
      values.communityOwnedAt ?? null,
    ],
  );
  await db.query('UPDATE question SET answer_count = answer_count + 1 WHERE id = $1', [
    values.questionId,
  ]);
  return id;
};

export const anArticle = async (
  db: EntityManager,
  { communityId, memberId }: By,
): Promise<ArticleId> => {
  const id = newId<'Article'>();
  await db.query(
    `INSERT INTO article (id, community_id, author_id, title, body_source, body_html, created_at)
     VALUES ($1, $2, $3, 'How', 'Thus.', '<p>Thus.</p>', $4)`,
    [id, communityId, memberId, new Date('2025-12-03')],
  );
  return id;
};

export const aComment = async (
  db: EntityManager,
  { communityId, memberId }: By,
  target: { type: string; id: string },
): Promise<CommentId> => {
  const id = newId<'Comment'>();
  await db.query(
    `INSERT INTO comment (id, community_id, target_type, target_id, author_id, body_source, body_html, created_at)
     VALUES ($1, $2, $3, $4, $5, 'Hm.', 'Hm.', $6)`,
    [id, communityId, target.type, target.id, memberId, new Date('2025-12-04')],
  );
  return id;
};

/** A public community with someone who asks, someone who answers and a moderator. */
export const aForum = async (db: EntityManager, of: { visibility?: Visibility } = {}) => {
  const communityId = await aCommunity(db, of);
  const [asker, helper, moderator, stranger] = [
    await aMember(db, communityId),
    await aMember(db, communityId),
    await aMember(db, communityId, { role: 'moderator' }),
    await aMember(db, await aCommunity(db)),
  ];
  const questionId = await aQuestion(db, asker);
  const answerId = await anAnswer(db, helper, { questionId });
  return { communityId, asker, helper, moderator, stranger, questionId, answerId };
};
export type Forum = Awaited<ReturnType<typeof aForum>>;
