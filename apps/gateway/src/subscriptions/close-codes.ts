/** What a socket is closed with, besides graphql-ws's own codes. */
export const closeCodes = {
  goingAway: 1001,
  policyViolation: 1008,
  tryAgainLater: 1013,
  unauthorized: 4401,
  internal: 4500,
} as const;
