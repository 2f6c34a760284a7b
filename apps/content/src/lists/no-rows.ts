import type { Connection } from '@lyceum/platform';

/** What a list is to who may not see it. */
export const noRows: Connection<never> = {
  edges: [],
  pageInfo: { hasNextPage: false, endCursor: null },
};
