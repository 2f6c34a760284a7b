import assert from 'node:assert/strict';
import { allocate, isZero, money, sum, type Money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import { splitOf } from '../splits/split-of';
import { SplitTable, type SplitTableId } from '../splits/split-table.entity';
import type { Credit } from './fulfilment';
import { fulfilmentOf } from './fulfil-order';
import type { Order, OrderLine } from './order.type';

/** Who gets what of an order's money after the provider's fee. Their sum is the total less the fee, always. */
export const creditsOf = async (
  tx: Tx,
  order: Order,
  { lines, fee }: { lines: readonly OrderLine[]; fee: Money },
): Promise<readonly Credit[]> => {
  const fees = allocate(
    fee,
    lines.map(({ amountMinor }) => amountMinor),
  );
  const credits: Credit[] = [];
  for (const [index, line] of lines.entries()) {
    const lineFee = fees[index] ?? assert.fail();
    const net = money(line.amountMinor - lineFee.amountMinor, order.currency);
    const { credits: own } = fulfilmentOf(tx, line.purpose);
    const shares = await (own?.(tx, { order, line, net }) ??
      sharesOfLine(tx, order, { line, net }));
    assert(
      sum(
        shares.map(({ amount }) => amount),
        net.currency,
      ).amountMinor === net.amountMinor,
    );
    credits.push(...shares);
  }
  return credits.filter(({ amount }) => !isZero(amount));
};

/** The shares of the split that the line was ordered under. */
export const sharesOfLine = async (
  tx: Pick<Tx, 'db'>,
  order: Order,
  { line, net }: { line: OrderLine; net: Money },
): Promise<readonly Credit[]> => {
  const table = await splitOfLine(tx, line);
  const parties = { creatorId: line.earnerId, referrerId: order.referrerId };
  return splitOf(table, net, parties).map(({ memberId, amount }) =>
    memberId === null
      ? { code: 'platform-fee', ownerId: null, amount }
      : { code: 'creator-earnings', ownerId: memberId, amount },
  );
};

const splitOfLine = async (tx: Pick<Tx, 'db'>, line: OrderLine): Promise<SplitTable> => {
  const id = line.splitId as SplitTableId | null; // a foreign key
  const table = id === null ? null : await tx.db.findOneBy(SplitTable, { id });
  assert(table !== null, 'a line without credits of its own has a split');
  return table;
};
