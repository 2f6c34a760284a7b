/** What other domains know of a member. */
export interface MemberFacts {
  /** Questions, answers, comments and articles, ever. */
  readonly contributions: number;
  readonly acceptedAnswers: number;
  /** Of the last 90 days. */
  readonly recentContributions: number;
  readonly lessonsCompleted: number;
  readonly lastActiveAt: Date | null;
}

export const tiers = ['novice', 'intermediate', 'advanced'] as const;
export type Tier = (typeof tiers)[number];

/** An accepted answer has helped somebody: it counts as much as five other contributions. */
const participationOf = ({ contributions, acceptedAnswers }: MemberFacts): number =>
  contributions + 4 * acceptedAnswers;

/** Either road leads up: learning, or taking part. */
const bars = [
  { tier: 'advanced', lessons: 40, participation: 100 },
  { tier: 'intermediate', lessons: 10, participation: 20 },
] as const;

/** The tier that follows from the facts, and why in words. A pure function: the same facts give the same tier. */
export const tierOf = (facts: MemberFacts): { readonly tier: Tier; readonly reason: string } => {
  const participation = participationOf(facts);
  for (const { tier, lessons, participation: bar } of bars) {
    if (facts.lessonsCompleted >= lessons)
      return { tier, reason: `${String(facts.lessonsCompleted)} lessons completed` };
    if (participation >= bar)
      return {
        tier,
        reason: `${String(facts.contributions)} contributions, ${String(facts.acceptedAnswers)} accepted answers`,
      };
  }
  return { tier: 'novice', reason: 'below every bar' };
};

export const segments = ['champion', 'regular', 'newcomer', 'slipping-away', 'dormant'] as const;
export type SegmentName = (typeof segments)[number];

const day = 86_400_000;

/** Where a member is, by how lately (recency) and how much (frequency) it takes part. Also pure. */
export const segmentOf = (
  facts: MemberFacts | null,
  { joinedAt, now }: { joinedAt: Date; now: Date },
): SegmentName => {
  const silentDays = (now.getTime() - (facts?.lastActiveAt ?? joinedAt).getTime()) / day;
  const isNew = now.getTime() - joinedAt.getTime() < 14 * day;
  if ((facts?.recentContributions ?? 0) >= 20 && silentDays < 30) return 'champion';
  if (isNew) return 'newcomer';
  if (silentDays < 30) return 'regular';
  return (facts?.contributions ?? 0) >= 5 && silentDays < 180 ? 'slipping-away' : 'dormant';
};
