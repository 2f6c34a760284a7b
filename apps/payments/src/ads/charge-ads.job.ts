import type { CommunityId, MemberId } from '@lyceum/contracts';
import { allocate, money, type Currency, type Money } from '@lyceum/money';
import { defineJob, useCase, type Ctx, type Tx } from '@lyceum/platform';
import { z } from 'zod';
import type { Movement } from '../ledger/move-money';
import { splitOf } from '../splits/split-of';
import { IncomeStream } from '../splits/split-table.entity';
import { splitInForce } from '../splits/split.queries';
import { lockPlacement, type AdPlacement } from './ad.type';
import type { PlacementId } from './ad-token';
import { leftOf, spend } from './budget';
import { capKey, judgeAdEvents, type AdOutcome, type ToldEvent } from './judge-ad-events';

const batch = 1_000;

interface WaitingEvent extends ToldEvent {
  readonly viewId: string;
  readonly authorId: MemberId | null;
}

type Judged = WaitingEvent & { readonly outcome: AdOutcome; readonly costMilli: bigint };

/**
 * Judges what was told of a placement, in the order in which it came, and charges what counts to its budget: in one
 * transaction with the placement locked, so never more than there is. Returns how many there were; call it until none is.
 */
export const chargePlacement = async (tx: Tx, id: PlacementId): Promise<number> => {
  const placement = await lockPlacement(tx.db, id);
  if (placement === null) return 0;
  const waiting = await tx.db.query<WaitingEvent[]>(
    `SELECT view_id AS "viewId", kind, viewer, day::text, audience, author_id AS "authorId" FROM ad_event
     WHERE placement_id = $1 AND outcome IS NULL ORDER BY received_at, view_id, kind LIMIT ${String(batch)}`,
    [id],
  );
  if (waiting.length === 0) return 0;
  const judged = judgeAdEvents(waiting, placement, {
    availableMilli: await availableMilli(tx, placement),
    counted: await countedBefore(tx, id, waiting),
  });
  await writeOutcomes(tx, id, judged);
  await charge(tx, placement, judged);
  return waiting.length;
};

/** Nothing of what is over or disputed: what is told of it still is free. */
const availableMilli = async (tx: Tx, placement: AdPlacement): Promise<bigint> => {
  if (placement.status !== 'running' || placement.isFrozen) return 0n;
  const { amountMinor } = await leftOf(tx, placement);
  return amountMinor * 1_000n - BigInt(placement.carriedMilli);
};

const countedBefore = async (
  tx: Tx,
  id: PlacementId,
  events: readonly WaitingEvent[],
): Promise<ReadonlyMap<string, number>> => {
  const rows = await tx.db.query<(ToldEvent & { times: number })[]>(
    `SELECT kind, viewer, day::text, count(*)::int AS times FROM ad_event
     WHERE placement_id = $1 AND outcome = 'counted' AND day = ANY($2::date[]) AND viewer = ANY($3)
     GROUP BY kind, viewer, day`,
    [id, events.map(({ day }) => day), events.map(({ viewer }) => viewer)],
  );
  return new Map(rows.map((row) => [capKey(row), row.times]));
};

const writeOutcomes = async (tx: Tx, id: PlacementId, judged: readonly Judged[]): Promise<void> => {
  const rows = JSON.stringify(
    judged.map(({ viewId, kind, outcome, day }) => ({ viewId, kind, outcome, day })),
  );
  await tx.db.query(
    `UPDATE ad_event SET outcome = row.outcome
     FROM json_to_recordset($1::json) AS row ("viewId" uuid, kind text, outcome text)
     WHERE ad_event.view_id = row."viewId" AND ad_event.kind = row.kind`,
    [rows],
  );
  await tx.db.query(
    `INSERT INTO ad_day AS known (placement_id, day, impressions, clicks, self_views, crawler_views, capped, over_budget)
     SELECT $2, day, count(*) FILTER (WHERE outcome = 'counted' AND kind = 'impression'),
       count(*) FILTER (WHERE outcome = 'counted' AND kind = 'click'), count(*) FILTER (WHERE outcome = 'self'),
       count(*) FILTER (WHERE outcome = 'crawler'), count(*) FILTER (WHERE outcome = 'capped'),
       count(*) FILTER (WHERE outcome = 'over-budget')
     FROM json_to_recordset($1::json) AS row (kind text, outcome text, day date) GROUP BY day
     ON CONFLICT (placement_id, day) DO UPDATE SET impressions = known.impressions + excluded.impressions,
       clicks = known.clicks + excluded.clicks, self_views = known.self_views + excluded.self_views,
       crawler_views = known.crawler_views + excluded.crawler_views, capped = known.capped + excluded.capped,
       over_budget = known.over_budget + excluded.over_budget`,
    [rows, id],
  );
};

/** Whole minor units are charged; what is less waits for the next time. */
const charge = async (tx: Tx, placement: AdPlacement, judged: readonly Judged[]): Promise<void> => {
  const byAuthor = new Map<MemberId | null, bigint>();
  for (const { authorId, costMilli } of judged)
    byAuthor.set(authorId, (byAuthor.get(authorId) ?? 0n) + costMilli);
  const spentMilli = judged.reduce((sum, { costMilli }) => sum + costMilli, 0n);
  if (spentMilli === 0n) return;
  const total = BigInt(placement.carriedMilli) + spentMilli;
  const amount = money(total / 1_000n, placement.currency);
  await tx.db.query(
    'UPDATE ad_placement SET carried_milli = $2, charged_minor = charged_minor + $3 WHERE id = $1',
    [placement.id, Number(total % 1_000n), amount.amountMinor.toString()],
  );
  if (amount.amountMinor === 0n) return;
  await spend(tx, placement, {
    amount,
    shares: await sharesOf(tx, placement, { amount, byAuthor }),
  });
};

/** To those on whose posts it was shown, by how much was seen there, and the platform: by the split for ads. */
const sharesOf = async (
  tx: Tx,
  { communityId }: { readonly communityId: CommunityId },
  { amount, byAuthor }: { amount: Money; byAuthor: ReadonlyMap<MemberId | null, bigint> },
): Promise<readonly Movement[]> => {
  const scope = { communityId, productId: null, stream: IncomeStream.ADS };
  const table = await splitInForce(tx.db, scope, tx.now);
  const authors = [...byAuthor.keys()];
  const parts = allocate(amount, [...byAuthor.values()]);
  return authors.flatMap((creatorId, index) =>
    splitOf(table, parts[index] ?? zeroOf(amount.currency), { creatorId, referrerId: null }).map(
      ({ memberId, amount: share }): Movement =>
        memberId === null
          ? { code: 'platform-fee', ownerId: null, amount: share }
          : { code: 'creator-earnings', ownerId: memberId, amount: share },
    ),
  );
};

const zeroOf = (currency: Currency): Money => money(0n, currency);

const chargeOne = useCase((tx, id: PlacementId) => chargePlacement(tx, id));

/** Charges everything that was told of by now. */
export const chargeAllAds = async (ctx: Ctx): Promise<void> => {
  const due = await ctx.db.query<{ id: PlacementId }[]>(
    'SELECT DISTINCT placement_id AS id FROM ad_event WHERE outcome IS NULL LIMIT 500',
  );
  for (const { id } of due) while ((await chargeOne(ctx, id)) === batch);
};

export const chargeAds = defineJob({
  name: 'payments.charge-ads',
  input: z.object({}),
  attempts: 1, // the next run does what this one could not
  timeoutMs: 60_000,
  concurrency: 1,
  everyMs: 1_000,
  run: ({ ctx }) => chargeAllAds(ctx),
});

const keptDays = 40;

/** Days stay; who saw what is not needed once its token is no longer taken and its cap is past. */
export const forgetAdEvents = defineJob({
  name: 'payments.forget-ad-events',
  input: z.object({}),
  attempts: 1,
  timeoutMs: 60_000,
  concurrency: 1,
  everyMs: 3_600_000,
  run: async ({ ctx }) => {
    await ctx.db.query(
      `DELETE FROM ad_event WHERE outcome IS NOT NULL AND received_at < $1::timestamptz - make_interval(days => $2)`,
      [ctx.deps.now(), keptDays],
    );
  },
});
