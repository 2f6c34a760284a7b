/** For `npm run verify`, which compares the badges given with those that a dump states. */
export { standardBadges } from '../rules/presets/standard-badges';
