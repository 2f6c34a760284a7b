import { newId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import { judge, type AccountState } from './judge';
import { aTransfer } from './ledger.factory';
import { assertTransfer, fingerprint, type LedgerAccountId } from './transfer';

const cny = 'CNY' as Currency;
const account = (balanceMinor: bigint, floorMinor: bigint | null = 0n): AccountState => ({
  id: newId<'LedgerAccount'>(),
  currency: cny,
  isHot: false,
  floorMinor,
  balanceMinor,
});
const known = (...accounts: AccountState[]) => ({
  accounts: new Map<LedgerAccountId, AccountState>(accounts.map((a) => [a.id, a])),
  posted: new Map(),
});

describe('judge', () => {
  it('spends what an earlier transfer of the batch brought, and no more', () => {
    const [outside, wallet] = [account(0n, null), account(0n)];
    const { outcomes, accepted } = judge(
      [
        aTransfer([wallet.id, outside.id, 1n]),
        aTransfer([outside.id, wallet.id, 100n]),
        aTransfer([wallet.id, outside.id, 60n]),
        aTransfer([wallet.id, outside.id, 60n]),
        aTransfer([wallet.id, outside.id, 40n]),
      ],
      known(outside, wallet),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([
      'insufficient-funds',
      'posted',
      'posted',
      'insufficient-funds',
      'posted',
    ]);
    expect(outcomes[0]).toEqual({ status: 'insufficient-funds', accountId: wallet.id });
    expect(accepted).toHaveLength(3);
  });

  it('posts a key once in a batch, and tells a repeat from another transfer', () => {
    const [outside, wallet] = [account(0n, null), account(100n)];
    const first = aTransfer([wallet.id, outside.id, 10n], { idempotencyKey: 'order-1' });
    const reordered = { ...first, entries: [...first.entries].reverse() };
    const other = aTransfer([wallet.id, outside.id, 11n], { idempotencyKey: 'order-1' });
    const { outcomes, accepted } = judge([first, reordered, other], known(outside, wallet));
    const [posted] = outcomes;
    expect(posted).toMatchObject({ status: 'posted' });
    expect(outcomes[1]).toEqual({ ...posted, status: 'already-posted' });
    expect(outcomes[2]).toEqual({ status: 'key-taken' });
    expect(accepted).toHaveLength(1);
  });

  it('says already-posted of what was, even when it could not be paid for any more', () => {
    const [outside, wallet] = [account(0n, null), account(0n)];
    const transfer = aTransfer([wallet.id, outside.id, 10n]);
    const before = { transferId: newId<'Transfer'>(), fingerprint: fingerprint(transfer) };
    const { outcomes, accepted } = judge([transfer], {
      ...known(outside, wallet),
      posted: new Map([[transfer.idempotencyKey, before]]),
    });
    expect(outcomes).toEqual([{ status: 'already-posted', transferId: before.transferId }]);
    expect(accepted).toEqual([]);
  });

  it('counts all entries of a transfer on one account together', () => {
    const [outside, wallet] = [account(0n, null), account(5n)];
    const entries = [
      { accountId: wallet.id, amount: money(-10n, cny) },
      { accountId: wallet.id, amount: money(6n, cny) },
      { accountId: outside.id, amount: money(4n, cny) },
    ];
    const { outcomes } = judge(
      [aTransfer([wallet.id, outside.id, 0n], { entries })],
      known(outside, wallet),
    );
    expect(outcomes).toMatchObject([{ status: 'posted' }]);
  });

  it('takes an unknown account and a foreign currency for the bugs they are', () => {
    const [outside, wallet] = [account(0n, null), account(5n)];
    expect(() => judge([aTransfer([wallet.id, outside.id, 1n])], known(wallet))).toThrow(
      'no account',
    );
    const usd = aTransfer([wallet.id, outside.id, 1n], { currency: 'USD' });
    expect(() => judge([usd], known(outside, wallet))).toThrow('holds CNY');
  });
});

describe('a transfer', () => {
  const [from, to] = [newId<'LedgerAccount'>(), newId<'LedgerAccount'>()];
  const entry = (amountMinor: bigint, currency = 'CNY', accountId = from) => ({
    accountId,
    amount: money(amountMinor, currency as Currency),
  });

  it.each([
    ['no entries', []],
    ['one entry', [entry(1n)]],
    ['a sum that is not zero', [entry(1n), entry(-2n)]],
    ['currencies that are zero only together', [entry(1n), entry(-1n, 'USD')]],
    ['an entry of zero', [entry(1n), entry(-1n), entry(0n)]],
    ['an amount beyond all measure', [entry(10n ** 16n), entry(-(10n ** 16n))]],
    ['a hundred and one entries', [...Array.from({ length: 100 }, () => entry(1n)), entry(-100n)]],
  ])('is none with %s', (_, entries) => {
    expect(() => assertTransfer(aTransfer([from, to, 1n], { entries }))).toThrow();
  });

  it('is none without a key or a kind', () => {
    for (const bad of [
      { idempotencyKey: '' },
      { idempotencyKey: 'k'.repeat(201) },
      { kind: '' },
      { kind: 'A b' },
    ]) {
      expect(() => assertTransfer(aTransfer([from, to, 1n], bad))).toThrow();
    }
  });

  it('may move several currencies at once, each in balance', () => {
    const entries = [entry(1n), entry(-1n), entry(7n, 'USD', to), entry(-7n, 'USD')];
    expect(() => assertTransfer(aTransfer([from, to, 1n], { entries }))).not.toThrow();
  });
});
