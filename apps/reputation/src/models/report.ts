import type { MemberId } from '@lyceum/contracts';

/** A number with its name; `low` and `high` where it is an estimate. */
export interface Figure {
  readonly name: string;
  readonly value: number | null;
  readonly low?: number | null;
  readonly high?: number | null;
}

/** What a model says, with all that is needed to judge it. */
export interface Report {
  readonly model: string;
  readonly formula: string;
  readonly inputs: readonly Figure[];
  readonly outputs: readonly Figure[];
  /** In which cases it is wrong, or easily misread. */
  readonly caveat: string;
  /** What follows from it, where it gives advice. */
  readonly advice?: string;
  /** Why there are no outputs, when there are none. */
  readonly refusal?: string;
  readonly members?: readonly { readonly memberId: MemberId; readonly score: number }[];
}
