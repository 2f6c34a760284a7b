import { clientOf, type Client } from './client';

/** A person with an account and a membership. */
export interface Person extends Client {
  readonly handle: string;
  readonly memberId: string;
  readonly communityId: string;
}

let people = 0;
const fresh = (name: string): string =>
  `${name}${(people += 1).toString(36)}${Date.now().toString(36).slice(-5)}`;

/** Registers someone new, logged in. */
export const register = async (url: string, name: string): Promise<Client & { handle: string }> => {
  const handle = fresh(name);
  const { register } = await clientOf(url).get<{ register: { accessToken: string } }>(
    `mutation ($input: RegisterInput!) {
      register(input: $input) { ... on AuthPayload { accessToken } ... on UserError { code message } }
    }`,
    {
      input: {
        handle,
        displayName: `Person ${name}`,
        email: `${handle}@example.org`,
        password: 'correct horse battery',
      },
    },
  );
  return { ...clientOf(url, register.accessToken), handle };
};

/** A new community with its owner. */
export const foundCommunity = async (url: string): Promise<Person & { slug: string }> => {
  const owner = await register(url, 'owner');
  const slug = fresh('c');
  const { createCommunity } = await owner.get<{
    createCommunity: { id: string; viewerMember: { id: string } };
  }>(
    `mutation ($input: CreateCommunityInput!) {
      createCommunity(input: $input) { ... on Community { id viewerMember { id } } ... on UserError { code message } }
    }`,
    { input: { slug, name: `Community ${slug}`, rulePreset: 'STACK_EXCHANGE' } },
  );
  return {
    ...owner,
    slug,
    communityId: createCommunity.id,
    memberId: createCommunity.viewerMember.id,
  };
};

/** Someone new who joins the community. */
export const joined = async (url: string, name: string, communityId: string): Promise<Person> => {
  const person = await register(url, name);
  const { joinCommunity } = await person.get<{ joinCommunity: { id: string } }>(
    `mutation ($communityId: ID!) {
      joinCommunity(input: { communityId: $communityId }) { ... on Member { id } ... on UserError { code message } }
    }`,
    { communityId },
  );
  return { ...person, communityId, memberId: joinCommunity.id };
};

export const ask = async (
  person: Person,
  title = 'How do I reverse a list in TypeScript?',
): Promise<string> => {
  const { askQuestion } = await person.get<{ askQuestion: { id: string } }>(
    `mutation ($input: AskQuestionInput!) {
      askQuestion(input: $input) { ... on Question { id } ... on UserError { code message } }
    }`,
    {
      input: {
        communityId: person.communityId,
        title,
        body: 'I tried `list.reverse()`, which changes the list itself. What else is there?',
        tags: ['typescript'],
      },
    },
  );
  return askQuestion.id;
};

export const answer = async (person: Person, questionId: string): Promise<string> => {
  const { answerQuestion } = await person.get<{ answerQuestion: { id: string } }>(
    `mutation ($input: AnswerQuestionInput!) {
      answerQuestion(input: $input) { ... on Answer { id } ... on UserError { code message } }
    }`,
    {
      input: {
        questionId,
        body: 'Use `toReversed()`: it gives a new list and leaves the old one as it was.',
      },
    },
  );
  return answerQuestion.id;
};

export const vote = async (
  person: Person,
  targetId: string,
  value: 'UP' | 'DOWN' | 'NONE' = 'UP',
): Promise<void> => {
  const { vote } = await person.get<{ vote: { code?: string } }>(
    `mutation ($input: VoteInput!) { vote(input: $input) { __typename ... on UserError { code message } } }`,
    { input: { targetId, value } },
  );
  if (vote.code !== undefined) throw new Error(vote.code);
};

export const accept = async (person: Person, answerId: string): Promise<void> => {
  await person.get(
    `mutation ($input: AcceptAnswerInput!) { acceptAnswer(input: $input) { __typename ... on UserError { code message } } }`,
    { input: { answerId } },
  );
};

export const pointsOf = async (client: Client, memberId: string): Promise<number> => {
  const { member } = await client.get<{ member: { points: number } }>(
    'query ($id: ID!) { member(id: $id) { points } }',
    { id: memberId },
  );
  return member.points;
};
