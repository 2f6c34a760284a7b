import { registerEnumType } from 'type-graphql';

export enum VoteValue {
  UP = 'UP',
  DOWN = 'DOWN',
  NONE = 'NONE',
}
registerEnumType(VoteValue, {
  name: 'VoteValue',
  valuesConfig: { NONE: { description: 'Not voted, or withdrawn.' } },
});

const numbers = { UP: 1, DOWN: -1, NONE: 0 } as const;

export const toNumber = (value: VoteValue): -1 | 0 | 1 => numbers[value];

export const toVoteValue = (value: number): VoteValue => {
  if (value === 0) return VoteValue.NONE;
  return value > 0 ? VoteValue.UP : VoteValue.DOWN;
};
