import { z } from 'zod';
import { defineEvent } from './event';
import { id } from './ids';

/*
 * What the reputation subgraph decides on its own, besides computing: facts about incentives, for others and
 * for its own workers.
 */

const version = z.int().positive();

export const RulesActivated = defineEvent(
  'reputation.rules.activated.v1',
  "A version of a community's incentive rules judges from a day on; days that have passed are computed anew.",
  {
    communityId: id<'Community'>(),
    version,
    /** The first UTC day, `YYYY-MM-DD`. */
    activeFrom: z.string(),
    name: z.string(),
    reason: z.string(),
    /** The earlier version that it brings back, if it does. */
    restores: version.nullable(),
    activatedBy: id<'Member'>(),
  },
);
