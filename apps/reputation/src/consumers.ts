import type { Consumer, Signals } from '@lyceum/platform';
import { changeSettings } from './communities/change-settings.consumer';
import { rollUpDays } from './engagement/roll-up-days.consumer';
import { recordMembership } from './leaderboard/record-membership.consumer';
import { analytics } from './metrics';
import { awardPoints } from './points/award-points.consumer';
import { incentives } from './incentives';
import { personalData } from './privacy/personal-data';
import { startRules } from './rule-sets/start-rules.consumer';

/** What this app hears. In a batch, a community's rules come before the activity they judge. */
export const consumersOf = (signals: Signals): readonly Consumer[] => [
  startRules,
  changeSettings(signals),
  recordMembership,
  awardPoints,
  ...incentives.consumers,
  ...personalData.consumers,
  rollUpDays(signals),
  ...analytics.consumers(signals),
];
