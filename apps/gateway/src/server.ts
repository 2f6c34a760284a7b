import { readFileSync } from 'node:fs';
import { createLog, createTokenVerifier, linkToIdentity } from '@lyceum/platform';
import { createGateway } from './app';
import { readEnv } from './env';

const env = readEnv();
const log = createLog({ name: 'gateway', level: env.LOG_LEVEL });
const readSupergraph = (): string => readFileSync(env.SUPERGRAPH_FILE, 'utf8');

const identity = linkToIdentity({
  baseUrl: () => env.JWKS_URL,
  secret: env.GATEWAY_SECRET,
  log,
});

const start = async (): Promise<void> => {
  const gateway = await createGateway({
    subgraphs: (['identity', 'content', 'payments', 'reputation'] as const).map((name) => ({
      name,
      url: env[`${name.toUpperCase() as Uppercase<typeof name>}_URL`],
    })),
    supergraphSdl: readSupergraph(),
    gatewaySecret: env.GATEWAY_SECRET,
    verifyToken: createTokenVerifier({ url: env.JWKS_URL }, Date.now, identity),
    revocations: identity,
    trustedProxies: env.TRUST_PROXY,
    allowedOrigins: env.ALLOWED_ORIGINS,
    isExplorable: env.GATEWAY_EXPLORABLE,
    log,
  });
  const stop = (): void => void gateway.close().then(() => process.exit(0));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  process.on('SIGHUP', () => {
    gateway
      .setSupergraph(readSupergraph())
      .catch((err: unknown) => log.error({ err }, 'supergraph.refused'));
  });
  log.info({ url: await gateway.listen({ host: env.HOST, port: env.PORT }) }, 'gateway.listening');
};

void start();
