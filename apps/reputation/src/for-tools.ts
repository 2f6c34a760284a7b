/** For `npm run verify` and `npm run bench`, which look at the rules by themselves. */
export {
  activate,
  entriesOf,
  standardBadges,
  stackExchange,
  type Activity,
  type RuleBook,
} from './rules';
export { count as countActivities } from './engagement/count';
export { replayPoints } from './replay/replay-points';
