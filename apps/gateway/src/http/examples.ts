/** What GraphiQL opens with: one tab each. They are planned at start-up, so that the first visitor need not wait. */
export interface Example {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const communities = `# The communities of this installation, and who leads them.
query Communities {
  communities(first: 5) {
    edges {
      node {
        id
        slug
        name
        memberCount
        leaderboard(window: ALL_TIME, first: 3) {
          edges { node { rank points member { handle } } }
        }
      }
    }
  }
}
`;

const front = `# A community's front page: fields of three subgraphs in one answer.
query Front($slug: String!) {
  community(slug: $slug) {
    id
    name
    memberCount
    questions(first: 20, orderBy: HOT) {
      edges {
        node {
          title
          score
          answerCount
          createdAt
          tags { name }
          author { handle displayName points rank level { name } }
          acceptedAnswer { score author { handle points } }
        }
      }
      pageInfo { endCursor hasNextPage }
    }
    leaderboard(window: ALL_TIME, first: 10) {
      edges { node { rank points member { handle displayName } } }
    }
  }
}
`;

const live = `# Live engagement: paste a community's id from the first tab, press play, then vote in another window.
subscription Live($communityId: ID!) {
  engagementUpdated(communityId: $communityId) {
    at
    activeMembersToday
    votesToday
    questionsToday
    answersToday
    lastEvent { kind actor { handle displayName points } }
  }
}
`;

const login = `# Log in, then put {"authorization": "Bearer …"} with the access token under Headers.
mutation LogIn($input: LoginInput!) {
  login(input: $input) {
    ... on AuthPayload { accessToken expiresAt account { handle } }
    ... on InvalidCredentials { message }
  }
}
`;

export const examples: readonly Example[] = [
  { query: communities },
  { query: front, variables: { slug: 'ai' } },
  { query: live, variables: { communityId: '' } },
  { query: login, variables: { input: { handleOrEmail: '', password: '' } } },
];
