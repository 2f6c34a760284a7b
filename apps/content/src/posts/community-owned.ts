/** Whether votes and acceptances at this time earn nothing: from the UTC day on which the community took the post over. */
export const isCommunityOwned = (
  { communityOwnedAt }: { readonly communityOwnedAt: Date | null },
  at: Date,
): boolean => communityOwnedAt !== null && utcDay(at) >= utcDay(communityOwnedAt);

const utcDay = (at: Date): string => at.toISOString().slice(0, 10);
