import type { DataSource, EntityManager } from 'typeorm';
import { databaseNames, type Check, type DatabaseName, type Findings } from './check';
import { contentChecks } from './content-checks';
import { identityChecks } from './identity-checks';
import { incomeChecks } from './income-checks';
import { ledgerChecks } from './ledger-checks';
import { outboxChecks } from './outbox-checks';
import { holdingChecks } from './holding-checks';
import { paymentChecks } from './payment-checks';
import { reputationChecks } from './reputation-checks';

export type Databases = Readonly<Record<DatabaseName, DataSource>>;

export interface CheckResult extends Findings {
  readonly check: Check;
  readonly durationMs: number;
}

/** Every standing invariant. */
export const allChecks: readonly Check[] = [
  ...outboxChecks,
  ...identityChecks,
  ...contentChecks,
  ...ledgerChecks,
  ...paymentChecks,
  ...incomeChecks,
  ...holdingChecks,
  ...reputationChecks,
];

/** Runs the checks, database by database, each in one snapshot; tells of each as soon as it is done. */
export const runChecks = async (
  databases: Databases,
  options: {
    readonly checks?: readonly Check[];
    readonly onResult?: (result: CheckResult) => void;
  } = {},
): Promise<readonly CheckResult[]> => {
  const { checks = allChecks, onResult } = options;
  const results: CheckResult[] = [];
  for (const name of databaseNames) {
    const own = checks.filter((check) => check.in === name);
    if (own.length === 0) continue;
    await inSnapshot(databases[name], async (db) => {
      for (const check of own) {
        const startedAt = performance.now();
        const findings = await check.find(db);
        const result = { check, ...findings, durationMs: performance.now() - startedAt };
        results.push(result);
        onResult?.(result);
      }
    });
  }
  return results;
};

/** One unchanging view of the database, in which nothing can be written; a long look at it is allowed. */
const inSnapshot = async (
  dataSource: DataSource,
  look: (db: EntityManager) => Promise<void>,
): Promise<void> => {
  await dataSource.transaction('REPEATABLE READ', async (db) => {
    await db.query('SET TRANSACTION READ ONLY');
    await db.query('SET LOCAL statement_timeout = 0');
    await db.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await look(db);
  });
};
