import { createGateway } from '@lyceum/gateway/app';
import { anonymous, createLog } from '@lyceum/platform';
import { serveAsChild } from './child-process';
import type { GatewayInput } from './gateway-input';

/** The gateway with all that it has in production: limits, signatures, metrics, a log line an operation. */
serveAsChild(async ({ subgraphs, supergraphSdl }: GatewayInput) => {
  const gateway = await createGateway({
    subgraphs,
    supergraphSdl,
    gatewaySecret: 'a secret of thirty-two characters or more',
    // The stock gateway verifies no token either: both only forward it.
    verifyToken: () => Promise.resolve({ actor: anonymous, expiresAtMs: Infinity }),
    log: createLog({ name: 'gateway', file: '/dev/null' }),
  });
  return { ports: [Number(new URL(await gateway.listen()).port)] };
});
