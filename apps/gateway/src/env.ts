import { join } from 'node:path';
import { parseEnv } from '@lyceum/platform';
import { z } from 'zod';

/** Where a subgraph answers; its GraphQL path may be part of it. */
const subgraphUrl = z
  .url({ protocol: /^https?$/ })
  .transform((url) => url.replace(/(\/graphql)?\/?$/, ''));

const list = z.string().transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''));

/** The environment of the gateway. It needs no database and no queue. */
export const gatewayEnv = z.object({
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  HOST: z.string().default('0.0.0.0'),
  PORT: z.coerce.number().int().min(0).max(65535).default(4000),
  GATEWAY_SECRET: z.string().min(32, 'at least 32 characters, the same for all services'),
  /** Where identity publishes the keys that sign access tokens. */
  JWKS_URL: z.url().default('http://127.0.0.1:4001/.well-known/jwks.json'),
  IDENTITY_URL: subgraphUrl,
  CONTENT_URL: subgraphUrl,
  PAYMENTS_URL: subgraphUrl,
  REPUTATION_URL: subgraphUrl,
  /** The composed supergraph; SIGHUP reads it again. */
  SUPERGRAPH_FILE: z.string().default(join(__dirname, '..', 'supergraph.graphql')),
  /** `true` allows introspection and serves GraphiQL. */
  GATEWAY_EXPLORABLE: z
    .enum(['true', 'false'])
    .default('true')
    .transform((text) => text === 'true'),
  /** How many proxies of yours stand before the gateway: so many of the last `X-Forwarded-For` hops are believed. */
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  /** Origins of pages that may open WebSockets, besides the gateway's own. */
  ALLOWED_ORIGINS: list.default([]),
});
export type GatewayEnv = z.infer<typeof gatewayEnv>;

export const readEnv = (): GatewayEnv => parseEnv(gatewayEnv);
