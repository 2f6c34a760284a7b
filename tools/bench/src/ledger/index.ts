import { execFileSync, spawnSync } from 'node:child_process';
import { newId } from '@lyceum/contracts';
import { money, parseCurrency, type Currency } from '@lyceum/money';
import { openAccount, payments, TransferBatcher } from '@lyceum/payments/app';
import { openDeps, silentLog, type OpenDeps } from '@lyceum/platform';
import type { EmbeddedPostgres } from '@lyceum/platform/embedded-postgres';
import { absolute, compared, type Figure } from '../figures';

const accounts = 2_000;
const transfers = 20_000;
const inFlight = 256;
const tpcbSeconds = 8;
const tpcbScale = 20;

type AccountId = Awaited<ReturnType<typeof openAccount>>;

/**
 * The ledger's batched service API beside pgbench's TPC-B on the same server, round by round; a hot account beside cold
 * ones; and how fast all of it is proved anew.
 */
export const runLedgerBench = async (
  postgres: EmbeddedPostgres,
  { rounds }: { rounds: number },
): Promise<readonly Figure[]> => {
  await postgres.ensureDatabase('tpcb');
  await postgres.ensureDatabase('ledger');
  const hasPgbench = spawnSync('pgbench', ['--version']).status === 0;
  if (hasPgbench) pgbench(postgres, ['-i', '-q', '-s', String(tpcbScale)]);
  const open = await openDeps(payments, {
    databaseUrl: postgres.url('ledger'),
    subgraphUrls: {},
    gatewaySecret: 'b'.repeat(32),
    log: silentLog(),
    poolSize: 8,
  });
  try {
    return await measure(open, { postgres, rounds, hasPgbench });
  } finally {
    await open.close();
  }
};

const measure = async (
  { deps }: OpenDeps,
  options: { postgres: EmbeddedPostgres; rounds: number; hasPgbench: boolean },
): Promise<readonly Figure[]> => {
  const currency = parseCurrency('CNY') ?? ('' as Currency);
  const db = deps.dataSource.manager;
  const cold: AccountId[] = [];
  for (let n = 0; n < accounts; n += 1)
    cold.push(await openAccount(db, { code: 'creator-earnings', ownerId: newId(), currency }));
  const hot = await openAccount(db, { code: 'platform-fee', ownerId: null, currency });
  const any = (): AccountId => cold[Math.floor(Math.random() * cold.length)] ?? hot;
  const batcher = new TransferBatcher(deps);
  const run = (to: () => AccountId): Promise<number> =>
    postMany(batcher, { from: any, to, currency });

  await run(any); // warm
  const beside: { ours: number; peer: number }[] = [];
  const hotBesideCold: { ours: number; peer: number }[] = [];
  const verified: number[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const coldRate = await run(any);
    hotBesideCold.push({ ours: await run(() => hot), peer: coldRate });
    if (options.hasPgbench) beside.push({ ours: coldRate, peer: tpcb(options.postgres) });
    verified.push(await verify(deps));
  }
  const unit = 'transfers/s';
  return [
    ...(beside.length === 0
      ? []
      : [
          compared(
            { name: 'ledger, batched service API ÷ pgbench TPC-B', unit, atLeast: 4 },
            beside,
          ),
        ]),
    compared(
      { name: 'ledger, one hot account ÷ cold ones, batches of 100', unit, atLeast: 0.8 },
      hotBesideCold,
    ),
    absolute({ name: 'ledger, sums proved anew', unit: 'entries/s', atLeast: 1_000_000 }, verified),
  ];
};

const postMany = async (
  batcher: TransferBatcher,
  { from, to, currency }: { from: () => AccountId; to: () => AccountId; currency: Currency },
): Promise<number> => {
  let left = transfers;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const [giver, receiver] = [from(), to()];
      if (giver === receiver) continue;
      await batcher.post({
        idempotencyKey: newId(),
        kind: 'bench',
        entries: [
          { accountId: giver, amount: money(-1n, currency) },
          { accountId: receiver, amount: money(1n, currency) },
        ],
      });
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: inFlight }, client));
  return transfers / ((performance.now() - startedAt) / 1000);
};

/** Every transfer to zero, and every balance to its entries: the two sums that everything else stands on. */
const verify = async ({ dataSource }: OpenDeps['deps']): Promise<number> => {
  const [{ n } = { n: 0 }] = await dataSource.query<{ n: number }[]>(
    'SELECT count(*)::int AS n FROM ledger_entry',
  );
  const startedAt = performance.now();
  const broken = await dataSource.query<unknown[]>(
    `WITH sums AS (SELECT account_id, sum(amount_minor) AS total FROM ledger_entry GROUP BY 1),
       waiting AS (SELECT account_id, sum(amount_minor) AS total FROM ledger_hot_delta GROUP BY 1)
     SELECT account.id FROM ledger_account AS account
       LEFT JOIN sums ON sums.account_id = account.id LEFT JOIN waiting ON waiting.account_id = account.id
     WHERE account.balance + coalesce(waiting.total, 0) <> coalesce(sums.total, 0)
     UNION ALL SELECT NULL FROM sums HAVING sum(total) <> 0`,
  );
  const seconds = (performance.now() - startedAt) / 1000;
  if (broken.length > 0) throw new Error('the ledger does not add up');
  return n / seconds;
};

const tpcb = (postgres: EmbeddedPostgres): number => {
  const said = pgbench(postgres, ['-c', '8', '-j', '2', '-T', String(tpcbSeconds)]);
  return Number(/tps = ([\d.]+) \(without/.exec(said)?.[1] ?? NaN);
};

const pgbench = (postgres: EmbeddedPostgres, options: readonly string[]): string =>
  execFileSync('pgbench', [...options, postgres.url('tpcb')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
