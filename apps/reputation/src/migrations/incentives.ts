import { RuleSimulations1750000411000 } from './1750000411000-rule-simulations';

/** Tables of the slices about incentives. */
export const incentiveMigrations = [RuleSimulations1750000411000] as const;
