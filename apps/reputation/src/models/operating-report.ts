import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import type { Day } from '../rules';
import { query } from '../sql';
import { operatingAdvice, type Interactions, type OperatingAdvice } from './operating-rule';
import type { Report } from './report';

const advice: Readonly<Record<OperatingAdvice, string>> = {
  'reward-comments-and-shares': 'Give more for comments and shares: many look, few speak up.',
  'raise-content-quality':
    'Make content better and easier to act on: people talk more than they look.',
  mix: 'Do some of both: no single habit stands out.',
};

/** What to do next, by the seed's rule, from the interactions of the last 30 whole days. */
export const operatingReport = async (
  db: EntityManager,
  { communityId, today }: { readonly communityId: CommunityId; readonly today: Day },
): Promise<Report> => {
  const [counts] = await query<Interactions>(
    db,
    `SELECT
       (SELECT coalesce(sum(clicks), 0)::int FROM behaviour_day WHERE community_id = $1 AND day BETWEEN $2::date - 30 AND $2::date - 1) AS clicks,
       (SELECT coalesce(sum(comments), 0)::int FROM engagement_day WHERE community_id = $1 AND day BETWEEN $2::date - 30 AND $2::date - 1) AS comments,
       (SELECT coalesce(sum(shares), 0)::int FROM behaviour_day WHERE community_id = $1 AND day BETWEEN $2::date - 30 AND $2::date - 1) AS shares`,
    [communityId, today],
  );
  const { clicks, comments, shares } = counts ?? { clicks: 0, comments: 0, shares: 0 };
  const inputs = [
    { name: 'clicks', value: clicks },
    { name: 'comments', value: comments },
    { name: 'shares', value: shares },
  ];
  if (clicks + comments + shares === 0)
    return { ...described, inputs, outputs: [], refusal: 'Nothing happened in the last 30 days.' };
  return {
    ...described,
    inputs,
    outputs: [],
    advice: advice[operatingAdvice({ clicks, comments, shares })],
  };
};

const described = {
  model: 'operating-rule',
  formula:
    'clicks > comments > shares: reward comments and shares; comments > clicks and comments > shares: raise content quality; else: a mix',
  caveat:
    'It compares counts of different effort, so it leans to clicks where clients tell of many. Take it as a question to ask, not as an answer.',
} as const;
