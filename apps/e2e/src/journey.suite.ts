import { waitFor } from '@lyceum/testing';
import { clientOf } from './client';
import { accept, answer, ask, foundCommunity, joined, pointsOf, vote } from './people';
import type { System } from './system';

const front = `query Front($slug: String!) {
  community(slug: $slug) {
    id slug name memberCount
    questions(first: 20, orderBy: HOT) { edges { cursor node { id title score answerCount viewCount createdAt tags { name }
      author { id handle displayName points rank level { name } }
      acceptedAnswer { id score author { handle points } } } } pageInfo { endCursor hasNextPage } }
    leaderboard(window: ALL_TIME, first: 10) { edges { node { rank points member { id handle displayName } } } }
    engagement(from: "2021-01-01", to: "2021-12-31", interval: DAY) { date activeMembers newMembers questions answers comments votes }
  }
}`;
const why = `query Why($id: ID!) { member(id: $id) { pointEntries(first: 20) { edges { node {
  points reason rule { name version } occurredAt subject { __typename } } } } } }`;
const live = `subscription Live($communityId: ID!) { engagementUpdated(communityId: $communityId) {
  at activeMembersToday votesToday questionsToday answersToday
  lastEvent { kind actor { handle displayName points } } } }`;

interface Live {
  engagementUpdated: {
    votesToday: number;
    lastEvent: { kind: string; actor: { handle: string; points: number } | null } | null;
  };
}

/** What people do with a community, through the public endpoint alone. */
export const journeys = (system: () => System): void => {
  it('takes a question from asking to an accepted answer, and each point can be explained', async () => {
    const { url } = system();
    const owner = await foundCommunity(url);
    const [asker, author] = [
      await joined(url, 'asker', owner.communityId),
      await joined(url, 'author', owner.communityId),
    ];

    const questionId = await ask(asker);
    const answerId = await answer(author, questionId);
    await vote(owner, questionId);
    await vote(owner, answerId);
    await accept(asker, answerId);

    // 1 to begin with, 10 a vote, 15 and 2 for the acceptance.
    await waitFor(() => pointsOf(owner, author.memberId), { until: (points) => points === 26 });
    await waitFor(() => pointsOf(owner, asker.memberId), { until: (points) => points === 13 });
    const { community } = await clientOf(url).get<{ community: Record<string, unknown> }>(front, {
      slug: owner.slug,
    });
    expect(community).toMatchObject({
      slug: owner.slug,
      memberCount: 3,
      questions: {
        edges: [
          {
            node: {
              id: questionId,
              score: 1,
              answerCount: 1,
              tags: [{ name: 'typescript' }],
              author: { id: asker.memberId, handle: asker.handle, points: 13, rank: 2 },
              acceptedAnswer: {
                id: answerId,
                score: 1,
                author: { handle: author.handle, points: 26 },
              },
            },
          },
        ],
      },
      leaderboard: {
        edges: [
          { node: { rank: 1, points: 26, member: { handle: author.handle } } },
          { node: { rank: 2, points: 13, member: { handle: asker.handle } } },
          { node: { rank: 3, points: 1, member: { handle: owner.handle } } },
        ],
      },
    });
    const { member } = await clientOf(url).get<{
      member: {
        pointEntries: {
          edges: { node: { points: number; subject: { __typename: string } | null } }[];
        };
      };
    }>(why, { id: author.memberId });
    const entries = member.pointEntries.edges.map(({ node }) => node);
    expect(entries.map(({ points }) => points).sort((a, b) => b - a)).toEqual([15, 10, 1]);
    expect(
      entries.filter(({ points }) => points > 1).map(({ subject }) => subject?.__typename),
    ).toEqual(['Answer', 'Answer']);
  });

  it('takes points back exactly when their cause is undone', async () => {
    const { url } = system();
    const owner = await foundCommunity(url);
    const author = await joined(url, 'author', owner.communityId);
    const questionId = await ask(author);

    await vote(owner, questionId, 'UP');
    await waitFor(() => pointsOf(owner, author.memberId), { until: (points) => points === 11 });
    await vote(owner, questionId, 'DOWN');
    await waitFor(() => pointsOf(owner, author.memberId), { until: (points) => points === 1 });
    await vote(owner, questionId, 'UP');
    await waitFor(() => pointsOf(owner, author.memberId), { until: (points) => points === 11 });
    await vote(owner, questionId, 'NONE');
    await waitFor(() => pointsOf(owner, author.memberId), { until: (points) => points === 1 });
  });

  it.each(['WebSocket', 'SSE'] as const)(
    'tells a subscriber over %s of a vote, with who voted and the new points',
    async (transport) => {
      const { url } = system();
      const owner = await foundCommunity(url);
      const author = await joined(url, 'author', owner.communityId);
      const voter = await joined(url, 'voter', owner.communityId);
      const questionId = await ask(author);
      const answerId = await answer(voter, questionId);
      await waitFor(
        async () =>
          (
            await clientOf(url).get<{ community: { engagement: { answers: number }[] } }>(
              'query ($id: ID!, $day: LocalDate!) { community(id: $id) { engagement(from: $day, to: $day, interval: DAY) { answers } } }',
              { id: owner.communityId, day: new Date().toISOString().slice(0, 10) },
            )
          ).community.engagement[0]?.answers === 1,
      );
      const listening = owner.listen<Live>(transport, live, { communityId: owner.communityId });

      await vote(author, answerId, 'UP');
      const up = await waitFor(() =>
        listening.heard.find(({ data }) => data?.engagementUpdated.votesToday === 1),
      );
      expect(up?.errors).toBeUndefined();
      expect(up?.data?.engagementUpdated.lastEvent).toMatchObject({
        actor: { handle: author.handle, points: 1 },
      });

      // The voter has 11 by now, for the answer that was voted up.
      await vote(voter, questionId, 'UP');
      const next = await waitFor(() =>
        listening.heard.find(({ data }) => data?.engagementUpdated.votesToday === 2),
      );
      expect(next?.data?.engagementUpdated.lastEvent?.actor).toMatchObject({
        handle: voter.handle,
        points: 11,
      });
      listening.stop();
    },
  );
};
