import type { RuleSetDefinition } from '../rule-set';
import { balanced } from './balanced';
import { oneLikeOnePoint } from './one-like-one-point';
import { stackExchange } from './stack-exchange';

/** The rule sets a community can start with. */
export const presets: readonly RuleSetDefinition[] = [stackExchange, oneLikeOnePoint, balanced];

export const presetNamed = (name: string): RuleSetDefinition | undefined =>
  presets.find((preset) => preset.name === name);

export { balanced, oneLikeOnePoint, stackExchange };
