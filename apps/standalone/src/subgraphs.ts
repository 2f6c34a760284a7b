import * as content from '@lyceum/content/app';
import * as identity from '@lyceum/identity/app';
import * as payments from '@lyceum/payments/app';
import type { Subgraph } from '@lyceum/platform';
import * as reputation from '@lyceum/reputation/app';
import type { Secrets } from './secrets';

/** All of Lyceum but its gateway. */
export const subgraphsOf = ({ signingKeys, gatewaySecret }: Secrets): readonly Subgraph[] => [
  {
    ...identity,
    name: 'identity',
    createApp: (deps) =>
      identity.createApp(deps, {
        signingKeys,
        secret: gatewaySecret,
        mail: identity.readMailSettings(),
        loginProviders: identity.readLoginProviders(),
      }),
  },
  { ...content, name: 'content' },
  { ...payments, name: 'payments' },
  { ...reputation, name: 'reputation' },
];
