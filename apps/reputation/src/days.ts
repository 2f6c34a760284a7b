import { badInput } from '@lyceum/platform';
import type { Day } from './rules';

const earliest: Day = '1970-01-01';

/** Refuses days before all that can have happened here: far enough back, calendars and databases disagree. */
export const assertDay = (name: string, day: Day): void => {
  if (day < earliest) throw badInput(`"${name}" must not be before ${earliest}.`);
};
