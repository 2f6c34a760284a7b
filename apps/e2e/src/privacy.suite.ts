import { waitFor } from '@lyceum/testing';
import { gunzipSync } from 'node:zlib';
import { clientOf } from './client';
import { answer, ask, foundCommunity, joined } from './people';
import type { System } from './system';
import { tracesOf } from './traces';

/** In what the person says and is called, so that it is found wherever it went. */
const marker = 'zyxmark';

interface Export {
  readonly state: string;
  readonly archive: string | null;
}

/** Rules, records and privacy, across all parts of the system and through the public endpoint alone. */
export const privacy = (system: () => System): void => {
  it('who writes accepts the rules in force first, and may at once', async () => {
    const { url } = system();
    const owner = await foundCommunity(url);
    const member = await joined(url, 'member', owner.communityId);
    const { communityId } = owner;
    await owner.get(
      `mutation ($input: PublishCharterInput!) { publishCharter(input: $input) { ... on Charter { version } } }`,
      { input: { communityId, rules: 'Be kind.' } },
    );
    const post = async () =>
      (
        await member.get<{ askQuestion: { code?: string } }>(
          `mutation ($input: AskQuestionInput!) { askQuestion(input: $input) { ... on UserError { code } } }`,
          { input: { communityId, title: 'Why?', body: 'Why?' } },
        )
      ).askQuestion.code;
    await waitFor(post, { until: (code) => code === 'RULES_NOT_ACCEPTED' });
    await member.get(
      `mutation ($input: AcceptCharterInput!) { acceptCharter(input: $input) { __typename } }`,
      { input: { communityId, version: 1 } },
    );
    expect(await post()).toBeUndefined();
    const { communityAuditLog } = await owner.get<{
      communityAuditLog: { edges: { node: { action: string; actor: { handle: string } } }[] };
    }>(
      `query ($id: ID!) { communityAuditLog(communityId: $id) { edges { node { action actor { handle } } } } }`,
      { id: communityId },
    );
    expect(communityAuditLog.edges.map(({ node }) => node)).toEqual([
      { action: 'charter.published', actor: { handle: owner.handle } },
    ]);
  });

  it('everything about a person is in one archive, and after erasure in no database, queue, log or answer', async () => {
    const { url } = system();
    const owner = await foundCommunity(url);
    const person = await joined(url, marker, owner.communityId);
    const words = [marker, person.handle]; // its address and its name have it, too
    expect(await tracesOf(system(), words)).toContain('identity.public.account');
    await person.get(
      'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { id } }',
      { input: { bio: marker, displayName: marker } },
    );
    const questionId = await ask(person, marker);
    const answerId = await answer(person, await ask(owner));
    await person.get(
      `mutation ($input: CommentInput!) { comment(input: $input) { ... on Comment { id } } }`,
      { input: { targetId: answerId, body: marker } },
    );
    await person.get(
      `mutation ($input: RequestToJoinInput!) { requestToJoin(input: $input) { __typename } }`,
      { input: { communityId: owner.communityId, message: marker } },
    );
    await person.get('mutation ($email: String!) { requestPasswordReset(email: $email) }', {
      email: `${person.handle}@example.org`,
    });
    await person.get('mutation { requestDataExport { id } }');
    const ready = await waitFor(
      async () =>
        (await person.get<{ myDataExports: Export[] }>('{ myDataExports { state archive } }'))
          .myDataExports[0],
      { until: (found) => found?.state === 'READY', timeoutMs: 45_000 },
    );
    const archive = gunzipSync(Buffer.from(ready?.archive ?? '', 'base64')).toString();
    expect(archive.split(marker).length).toBeGreaterThan(2);
    for (const part of ['identity', 'content', 'payments', 'reputation'])
      expect(archive).toContain(`${part}/`);

    const { eraseMyAccount } = await person.get<{ eraseMyAccount: { receipt: string } }>(
      `mutation ($input: EraseMyAccountInput!) { eraseMyAccount(input: $input) { ... on ErasureBegun { receipt } ... on UserError { code } } }`,
      { input: { handle: person.handle, password: 'correct horse battery' } },
    );
    const stranger = clientOf(url);
    const done = await waitFor(
      async () =>
        (
          await stranger.get<{
            erasure: { completedAt: string | null; parts: { part: string }[] };
          }>(
            'query ($receipt: String!) { erasure(receipt: $receipt) { completedAt parts { part } } }',
            {
              receipt: eraseMyAccount.receipt,
            },
          )
        ).erasure,
      { until: ({ completedAt }) => completedAt !== null },
    );
    expect(done.parts.map(({ part }) => part)).toEqual([
      'content',
      'identity',
      'payments',
      'reputation',
    ]);
    const seen = await stranger.get<object>(
      `query ($question: ID!, $member: ID!) {
        question(id: $question) { title body author { handle displayName } }
        member(id: $member) { handle displayName account { bio } } }`,
      { question: questionId, member: person.memberId },
    );
    expect(await tracesOf(system(), words)).toEqual([]);
    expect(JSON.stringify(seen)).not.toContain(marker);
    expect(JSON.stringify(seen)).not.toContain(person.handle);
    expect(seen).toMatchObject({ member: { displayName: 'Deleted account' } });
  }, 90_000);
};
