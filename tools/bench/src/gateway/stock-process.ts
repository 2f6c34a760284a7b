import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { serveAsChild } from './child-process';
import type { GatewayInput } from './gateway-input';

interface Context {
  readonly authorization?: string | undefined;
}

/** As Apollo's documentation shows it, with the caller's token forwarded. */
serveAsChild(async ({ subgraphs, supergraphSdl }: GatewayInput) => {
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name }) =>
      new RemoteGraphQLDataSource<Context>({
        url: `${subgraphs.find((subgraph) => subgraph.name === name)?.url ?? ''}/graphql`,
        willSendRequest: ({ request, context }) => {
          request.http?.headers.set('authorization', (context as Context).authorization ?? '');
        },
      }),
  });
  const { url } = await startStandaloneServer(new ApolloServer<Context>({ gateway }), {
    listen: { port: 0, host: '127.0.0.1' },
    context: ({ req }) => Promise.resolve({ authorization: req.headers.authorization }),
  });
  return { ports: [Number(new URL(url).port)] };
});
