import type { BatchQuery } from '@lyceum/platform';

/** Below so many clients a median would tell more of them than of the consultant. */
const minClients = 5;
const slowestHours = 30 * 24;

/**
 * By product: the median hours in which its consultant quoted or declined what members of the community asked for
 * during a year. No answer for 30 days counts as 30 days, so that who answers only some is not quick; what a client
 * withdrew before an answer does not count. None below five clients.
 */
export const responseTimes: BatchQuery<string, number> = async (ctx, productIds) => {
  const rows = await ctx.db.query<{ productId: string; hours: number }[]>(
    `/* bookings.response-times */
     SELECT hours.product_id AS "productId",
       percentile_cont(0.5) WITHIN GROUP (ORDER BY least(asked.hours, $4::int))::float8 AS hours
     FROM consulting_hours AS hours
       CROSS JOIN LATERAL (
         SELECT client_id, extract(epoch FROM answered_at - created_at) / 3600 AS hours
         FROM (
           SELECT client_id, created_at, coalesce(quoted_at, CASE status WHEN 'declined' THEN ended_at END) AS answered_at
           FROM commission
           WHERE creator_account_id = hours.consultant_account_id AND creator_id = hours.consultant_id
             AND created_at > $2::timestamptz - interval '365 days' AND (quote_number = 0 OR quoted_at IS NOT NULL)
             AND (status <> 'withdrawn' OR quoted_at IS NOT NULL)
         ) AS request
         WHERE answered_at IS NOT NULL OR created_at <= $2::timestamptz - make_interval(hours => $4::int)
       ) AS asked
     WHERE hours.product_id = ANY($1::uuid[])
     GROUP BY hours.product_id HAVING count(DISTINCT asked.client_id) >= $3`,
    [productIds, ctx.deps.now(), minClients, slowestHours],
  );
  return new Map(rows.map(({ productId, hours }) => [productId, hours]));
};
