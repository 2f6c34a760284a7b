import { RuleSimulations1750000411000 } from './1750000411000-rule-simulations';
import { BoardsOfMembers1750000412000 } from './1750000412000-boards-of-members';

/** Tables of the slices about incentives. */
export const incentiveMigrations = [
  RuleSimulations1750000411000,
  BoardsOfMembers1750000412000,
] as const;
