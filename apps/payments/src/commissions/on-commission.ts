import { isId } from '@lyceum/contracts';
import { useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { sendBack } from '../holds/end-held';
import { NotNow } from '../holds/not-now';
import { lockOrder, type Order } from '../orders/order.type';
import { NotRefundable } from '../refunds/refund-terms';
import type { RefundId } from '../refunds/write-refund';
import { assertMove, type StateOf } from '../state-machines';
import {
  Commission,
  CommissionNotFound,
  InvalidCommission,
  lockCommission,
  selectCommissions,
  sideOf,
} from './commission.type';

@InputType()
export class CommissionInput {
  @Field(() => ID) commissionId!: string;
}

export const CommissionResult = createUnionType({
  name: 'CommissionResult',
  types: () => [Commission, CommissionNotFound, InvalidCommission, NotNow, NotRefundable] as const,
});
export type Result = typeof CommissionResult;
export type Refusal = Exclude<Result, Commission>;

export interface Done {
  readonly commission: Commission;
  /** What is on its way back to the client. */
  readonly refundId: RefundId | null;
}

export interface Locked {
  readonly commission: Commission;
  /** Null until a quote was accepted. */
  readonly order: Order | null;
}

/** The commission and its order, locked in that order everywhere: the order first. */
export const lockWithOrder = async (tx: Tx, id: string): Promise<Locked | null> => {
  const [found] = isId(id) ? await selectCommissions(tx.db, 'id = $1', [id]) : [];
  if (found === undefined) return null;
  const order = found.orderId === null ? null : await lockOrder(tx.db, found.orderId);
  const commission = await lockCommission(tx.db, found.id);
  return commission === null ? null : { commission, order };
};

/** A use case on a locked commission that the actor may know of. */
export const onCommission = <Input extends CommissionInput>(
  run: (
    tx: Tx,
    locked: Locked & { readonly side: 'client' | 'creator' | 'manager' },
    input: Input,
  ) => Promise<Done | Refusal>,
) => {
  const act = useCase(async (tx, input: Input): Promise<Done | Refusal> => {
    const locked = await lockWithOrder(tx, input.commissionId);
    const side = locked === null ? null : await sideOf(tx, locked.commission);
    return locked === null || side === null
      ? new CommissionNotFound()
      : run(tx, { ...locked, side }, input);
  });
  return async (ctx: Ctx, input: Input): Promise<Result> => {
    const done = await act(ctx, input);
    if (done instanceof UserError) return done;
    await sendBack(ctx, done.refundId);
    return done.commission;
  };
};

const columns = {
  delivery: 'delivery',
  objection: 'objection',
  revised: 'revised',
  dueAt: 'due_at',
  outcome: 'outcome',
  endedAt: 'ended_at',
} as const;

/** Moves it on, with what else becomes of it. */
export const moveCommission = async (
  tx: Tx,
  commission: Commission,
  next: { readonly status: StateOf<'commission'> } & Partial<
    Pick<Commission, keyof typeof columns>
  >,
): Promise<Commission> => {
  assertMove('commission', commission.status, next.status);
  const { status, ...rest } = { dueAt: null, ...next };
  const names = Object.keys(rest) as (keyof typeof columns)[];
  const set = names.map((name, index) => `, ${columns[name]} = $${String(index + 3)}`).join('');
  await tx.db.query(`UPDATE commission SET status = $2${set} WHERE id = $1`, [
    commission.id,
    status,
    ...names.map((name) => rest[name]),
  ]);
  return Object.assign(commission, { status, ...rest });
};

export const isText = (text: string, most: number): boolean => {
  const length = Array.from(text.trim()).length;
  return length > 0 && length <= most;
};
