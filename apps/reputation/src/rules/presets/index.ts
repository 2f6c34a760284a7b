import type { RuleSetDefinition } from '../rule-set';
import { answerHigh, answerLow, answerMedium } from './answer';
import { balanced } from './balanced';
import { learning } from './learning';
import { oneLikeOnePoint } from './one-like-one-point';
import { stackExchange } from './stack-exchange';

/** The rule sets a community can start with. */
export const presets: readonly RuleSetDefinition[] = [
  stackExchange,
  answerLow,
  answerMedium,
  answerHigh,
  oneLikeOnePoint,
  learning,
  balanced,
];

export const presetNamed = (name: string): RuleSetDefinition | undefined =>
  presets.find((preset) => preset.name === name);

export { standardBadges } from './standard-badges';
export { answerHigh, answerLow, answerMedium, balanced, learning, oneLikeOnePoint, stackExchange };
