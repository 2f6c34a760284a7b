import type { Activity } from './activity';

/** What votes of accounts count that are new, or whose address nobody has verified, in percent. */
export interface NewAccounts {
  /** An account is as good as any from this age on; its votes grow towards that day by day. */
  readonly fullAfterDays: number;
  readonly firstDay: number;
  /** At most, while the address is not verified. */
  readonly unverified: number;
}

/**
 * What a vote counts for others than its voter, in percent. Only what was on record when it was cast decides, so a
 * replay comes to the same; of whom nothing is known, as in imported dumps, everything counts.
 */
export const votersWeight = (
  rules: NewAccounts | null,
  { kind, actorAgeDays, actorIsVerified }: Activity,
): number => {
  if (rules === null || kind !== 'vote') return 100;
  const { fullAfterDays, firstDay, unverified } = rules;
  const age = Math.min(actorAgeDays ?? fullAfterDays, fullAfterDays);
  const byAge = firstDay + Math.trunc(((100 - firstDay) * age) / fullAfterDays);
  return actorIsVerified === false ? Math.min(byAge, unverified) : byAge;
};
