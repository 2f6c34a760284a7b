import { Pool as HttpPool } from 'undici';
import { gatewaySignatureHeader, signGatewayRequest } from '../auth';
import type { InternalGraph } from '../context';
import { subgraphUnavailable } from '../errors';

const deadlineMs = 2_000;

/** Asks subgraphs directly, signed as the gateway's requests are. */
export const createInternalGraph = (options: {
  readonly urls: Readonly<Record<string, string>>;
  readonly secret: string;
}): InternalGraph & { close(): Promise<void> } => {
  const pools = new Map<string, HttpPool>();

  const poolOf = (subgraph: string): { pool: HttpPool; path: string } => {
    const url = options.urls[subgraph];
    if (url === undefined) throw subgraphUnavailable(`No address is configured for ${subgraph}.`);
    const { origin, pathname } = new URL(url);
    const pool = pools.get(origin) ?? new HttpPool(origin, { connections: 8 });
    pools.set(origin, pool);
    return { pool, path: pathname };
  };

  return {
    async query<Data>(
      subgraph: string,
      request: { query: string; variables: Record<string, unknown> },
    ): Promise<Data> {
      const { pool, path } = poolOf(subgraph);
      const body = JSON.stringify(request);
      try {
        const response = await pool.request({
          method: 'POST',
          path,
          headers: {
            'content-type': 'application/json',
            [gatewaySignatureHeader]: signGatewayRequest(options.secret, body, Date.now()),
          },
          body,
          signal: AbortSignal.timeout(deadlineMs),
        });
        const result = (await response.body.json()) as { data?: Data; errors?: unknown[] };
        if (result.data == null || result.errors !== undefined)
          throw new Error(JSON.stringify(result.errors));
        return result.data;
      } catch (cause) {
        throw subgraphUnavailable(`${subgraph} did not answer.`, {
          subgraph,
          reason: String(cause),
        });
      }
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
};
