import { RuleSimulations1750000411000 } from './1750000411000-rule-simulations';
import { AuthorWeights1750000452000 } from './1750000452000-author-weights';
import { Ratings1750000453000 } from './1750000453000-ratings';
import { Referrals1750000451000 } from './1750000451000-referrals';
import { BoardsOfMembers1750000412000 } from './1750000412000-boards-of-members';
import { Badges1750000430000 } from './1750000430000-badges';
import { Gifts1750000431000 } from './1750000431000-gifts';
import { FairPlay1750000432000 } from './1750000432000-fair-play';
import { Privileges1750000433000 } from './1750000433000-privileges';
import { Contests1750000440000 } from './1750000440000-contests';
import { Awards1750000442000 } from './1750000442000-awards';
import { ThanksAndTitles1750000441000 } from './1750000441000-thanks-and-titles';
import { Trust1750000434000 } from './1750000434000-trust';
import { BoardBlocks1750000460000 } from './1750000460000-board-blocks';
import { HeldPrivileges1750000462000 } from './1750000462000-held-privileges';
import { ReplayPosition1750000464000 } from './1750000464000-replay-position';
import { HiddenMembers1750000461000 } from './1750000461000-hidden-members';
import { Weights1750000450000 } from './1750000450000-weights';

/** Tables of the slices about incentives. */
export const incentiveMigrations = [
  RuleSimulations1750000411000,
  Referrals1750000451000,
  AuthorWeights1750000452000,
  Ratings1750000453000,
  BoardsOfMembers1750000412000,
  Badges1750000430000,
  Gifts1750000431000,
  FairPlay1750000432000,
  Privileges1750000433000,
  Trust1750000434000,
  Contests1750000440000,
  ThanksAndTitles1750000441000,
  Awards1750000442000,
  BoardBlocks1750000460000,
  HiddenMembers1750000461000,
  HeldPrivileges1750000462000,
  ReplayPosition1750000464000,
  Weights1750000450000,
] as const;
