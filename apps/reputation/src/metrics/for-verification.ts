/* Metrics as clients get them, and the same by their definitions: for `verify` and for checks on live data. */
export type { MetricAsk } from './ask';
export { byDefinition, dayName, dayNumber } from './by-definition';
export { catalogue as metricCatalogue } from './catalogue';
export { retention } from './retention';
