import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';

/**
 * Three subgraphs in the likeness of the platform's, on made-up data that never changes, so that their
 * answers can be kept and a gateway is all that is measured.
 */
const memberCount = 27;
const questionCount = 20;

const link = (...imports: string[]): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [${imports.map((name) => `"${name}"`).join(', ')}])\n`;

export const sdls: Readonly<Record<string, string>> = {
  identity: `${link('@key')}
    type Query { me: Member!, community(slug: String!): Community }
    type Community @key(fields: "id") { id: ID!, slug: String!, name: String!, memberCount: Int! }
    type Member @key(fields: "id") { id: ID!, handle: String!, displayName: String! }`,
  content: `${link('@key')}
    type Query { newest: [Question!]! }
    type Community @key(fields: "id") { id: ID!, questions(first: Int = 20): [Question!]! }
    type Question @key(fields: "id") { id: ID!, title: String!, score: Int!, viewCount: Int!, createdAt: String!, tags: [Tag!]!, author: Member!, answers(first: Int = 5): [Answer!]!, acceptedAnswer: Answer }
    type Answer @key(fields: "id") { id: ID!, body: String!, score: Int!, author: Member!, comments(first: Int = 3): [Comment!]! }
    type Comment { id: ID!, text: String!, author: Member! }
    type Tag { name: String! }
    type Member @key(fields: "id") { id: ID!, questions(first: Int = 2): [Question!]! }`,
  reputation: `${link('@key')}
    type Query { rules: [String!]! }
    type Community @key(fields: "id") { id: ID!, leaderboard(first: Int = 10): [Rank!]!, engagement: [Day!]! }
    type Rank { rank: Int!, points: Int!, member: Member! }
    type Day { date: String!, activeMembers: Int!, questions: Int!, answers: Int!, votes: Int! }
    type Level { name: String! }
    type Member @key(fields: "id") { id: ID!, points: Int!, rank: Int!, level: Level! }
    type Question @key(fields: "id") { id: ID!, pointsGiven: Int! }
    type Answer @key(fields: "id") { id: ID!, pointsGiven: Int! }`,
};

export const queries = {
  /** Two calls: who I am, and what I have. */
  small: '{ me { id handle displayName points rank level { name } } }',
  /** A front page with everything on it. */
  heavy: `{ community(slug: "bench") { id name memberCount
    questions(first: 20) { id title score viewCount createdAt tags { name } pointsGiven
      author { id handle displayName points rank level { name } }
      answers(first: 5) { id body score pointsGiven author { handle points rank }
        comments(first: 3) { id text author { handle displayName points } } }
      acceptedAnswer { id score author { handle points questions(first: 2) { title author { handle } } } } }
    leaderboard(first: 10) { rank points member { id handle displayName questions(first: 2) { title score author { handle level { name } } } } }
    engagement { date activeMembers questions answers votes } } }`,
} as const;
export type QueryName = keyof typeof queries;

interface Reference {
  readonly id: string;
}

const many = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));
const numberIn = ({ id }: Reference): number => Number(/\d+/.exec(id)?.[0] ?? 0);
/** As a function, which graphql-js calls when the field is asked for: members have questions, which have members. */
const memberAt = (index: number) => (): unknown =>
  memberOf({ id: `m${String(index % memberCount)}` });
const words = 'how does one prove that a ledger never loses a cent when power fails ';

const memberOf = (reference: Reference) => ({
  ...reference,
  handle: `member-${reference.id}`,
  displayName: `Member number ${reference.id}`,
  points: numberIn(reference) * 17,
  rank: numberIn(reference) + 1,
  level: { name: `level ${String(numberIn(reference) % 5)}` },
  questions: ({ first }: { first: number }) =>
    many(first, (index) =>
      questionOf({ id: `q${String((numberIn(reference) + index) % questionCount)}` }),
    ),
});

const questionOf = (reference: Reference): Record<string, unknown> => ({
  ...reference,
  title: `${words}${reference.id}?`,
  score: numberIn(reference) * 3,
  viewCount: numberIn(reference) * 101,
  createdAt: '2021-05-04T03:02:01.000Z',
  tags: many(3, (index) => ({ name: `tag-${String(index)}` })),
  author: memberAt(numberIn(reference)),
  answers: ({ first }: { first: number }) =>
    many(first, (index) => answerOf({ id: `a${String(numberIn(reference) * 5 + index)}` })),
  acceptedAnswer:
    numberIn(reference) % 2 === 0 ? answerOf({ id: `a${String(numberIn(reference) * 5)}` }) : null,
  pointsGiven: numberIn(reference) * 30,
});

const answerOf = (reference: Reference) => ({
  ...reference,
  body: words.repeat(2),
  score: numberIn(reference),
  author: memberAt(numberIn(reference) * 7),
  comments: ({ first }: { first: number }) =>
    many(first, (index) => ({
      id: `${reference.id}c${String(index)}`,
      text: words,
      author: memberAt(numberIn(reference) * 3 + index),
    })),
  pointsGiven: numberIn(reference) * 2,
});

const community = {
  id: 'c1',
  slug: 'bench',
  name: 'The community of the bench',
  memberCount,
  questions: ({ first }: { first: number }) =>
    many(first, (index) => questionOf({ id: `q${String(index)}` })),
  leaderboard: ({ first }: { first: number }) =>
    many(first, (index) => ({ rank: index + 1, points: 1000 - index, member: memberAt(index) })),
  engagement: many(30, (index) => ({
    date: `2021-06-${String(index + 1).padStart(2, '0')}`,
    activeMembers: index,
    questions: index * 2,
    answers: index * 3,
    votes: index * 5,
  })),
};

/** What `_entities` finds, by type; the query root's fields come from `rootValue`. */
const resolvers = {
  Community: { __resolveReference: () => community },
  Member: { __resolveReference: memberOf },
  Question: { __resolveReference: questionOf },
  Answer: { __resolveReference: answerOf },
};

export const rootValue = {
  me: memberOf({ id: 'm3' }),
  community: () => community,
  newest: [],
  rules: [],
};

export const schemaOf = (name: string): GraphQLSchema => {
  const typeDefs = parse(sdls[name] ?? '');
  const known = Object.entries(resolvers).filter(([type]) =>
    new RegExp(`type ${type} `).test(sdls[name] ?? ''),
  );
  return buildSubgraphSchema({ typeDefs, resolvers: Object.fromEntries(known) });
};
