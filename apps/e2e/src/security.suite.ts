import { waitFor } from '@lyceum/testing';
import { clientOf, type Client } from './client';
import { foundCommunity, joined, register } from './people';
import type { System } from './system';

const login = `mutation ($input: LoginInput!) { login(input: $input) {
  ... on AuthPayload { accessToken } ... on UserError { code } } }`;
const live = `subscription ($communityId: ID!) { engagementUpdated(communityId: $communityId) { at } }`;

/** Who may ask what, for how long: in every subgraph, through the public endpoint. */
export const security = (system: () => System): void => {
  const codesOf = async (client: Client, query: string, variables: object = {}) =>
    (await client.ask(query, variables)).errors?.map(({ extensions }) => extensions.code) ?? [];

  it('ends a session everywhere at once: its token in each subgraph, and its subscriptions', async () => {
    const { url } = system();
    const owner = await foundCommunity(url);
    const [here, there] = await Promise.all(
      [1, 2].map(async () => {
        const input = { handleOrEmail: owner.handle, password: 'correct horse battery' };
        const answer = await owner.get<{ login: { accessToken: string } }>(login, { input });
        return clientOf(url, answer.login.accessToken);
      }),
    );
    if (here === undefined || there === undefined) throw new Error('not logged in');
    const variables = { communityId: owner.communityId };
    const listening = (['WebSocket', 'SSE'] as const).map((transport) =>
      there.listen(transport, live, variables),
    );
    const { sessions } = await here.get<{
      sessions: { id: string; isCurrent: boolean; address: string; userAgent: string }[];
    }>('{ sessions { id isCurrent address userAgent } }');
    expect(sessions).toHaveLength(3);
    expect(sessions[0]).toMatchObject({ address: '127.0.0.1', userAgent: 'node' });

    expect(await codesOf(there, '{ me { id } }')).toEqual([]);
    for (const { id, isCurrent } of sessions)
      if (!isCurrent)
        await here.get(
          'mutation ($id: ID!) { revokeSession(id: $id) { ... on LoginSession { id } } }',
          { id },
        );
    const each = [
      '{ me { id } }',
      '{ communities(first: 1) { edges { node { leaderboard(window: ALL_TIME, first: 1) { edges { cursor } } } } } }',
    ];
    for (const query of each)
      await waitFor(() => codesOf(there, query), {
        until: ([code]) => code === 'UNAUTHENTICATED',
        timeoutMs: 5_000,
      });
    await Promise.all(listening.map(({ ended }) => ended));
    expect(await codesOf(here, '{ me { id } }')).toEqual([]);
  });

  it('lets a token for programs do what its scopes say, in every subgraph', async () => {
    const { url } = system();
    const owner = await foundCommunity(url);
    const member = await joined(url, 'program', owner.communityId);
    const made = await member.get<{ createPersonalToken: { token: string } }>(
      `mutation ($input: CreatePersonalTokenInput!) { createPersonalToken(input: $input) {
        ... on NewPersonalToken { token } ... on UserError { code } } }`,
      { input: { name: 'e2e', scopes: ['READ'], expiresInDays: 1 } },
    );
    const program = clientOf(url, made.createPersonalToken.token);
    const { me } = await program.get<{ me: { handle: string } }>('{ me { handle } }');
    expect(me.handle).toBe(member.handle);
    const reading = `query ($id: ID!) { community(id: $id) {
      questions(first: 1) { edges { cursor } } leaderboard(window: ALL_TIME, first: 1) { edges { cursor } } } }`;
    expect(await codesOf(program, reading, { id: owner.communityId })).toEqual([]);

    const question = { communityId: owner.communityId, title: 'A title that is long enough' };
    const asking = `mutation ($input: AskQuestionInput!) { askQuestion(input: $input) { __typename } }`;
    const input = { ...question, body: 'And a body that is long enough, too.', tags: ['e2e'] };
    expect(await codesOf(program, asking, { input })).toEqual(['FORBIDDEN']);
    expect(await codesOf(program, '{ sessions { id } }')).toEqual(['FORBIDDEN']);
    expect(await codesOf(member, '{ sessions { id } }')).toEqual([]);
  });

  it('answers the same to who asks to reset a password, whoever that is', async () => {
    const { url } = system();
    const person = await register(url, 'forgetful');
    for (const email of [`${person.handle}@example.org`, 'nobody@example.org'])
      expect(
        await clientOf(url).get(
          'mutation ($email: String!) { requestPasswordReset(email: $email) }',
          {
            email,
          },
        ),
      ).toEqual({ requestPasswordReset: true });
  });
};
