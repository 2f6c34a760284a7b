import * as content from '@lyceum/content/app';
import * as identity from '@lyceum/identity/app';
import * as payments from '@lyceum/payments/app';
import { createLog, type App, type Deps } from '@lyceum/platform';
import * as reputation from '@lyceum/reputation/app';
import { graphqlSync } from 'graphql';
import { DataSource } from 'typeorm';

/** Dependencies of an app whose schema is read and which never runs. */
const idle = (app: string): Deps => ({
  app,
  dataSource: new DataSource({ type: 'postgres' }),
  queues: undefined as never,
  signals: undefined as never,
  graph: undefined as never,
  log: createLog({ name: app, level: 'silent' }),
  now: () => new Date(),
});

const sdlOf = (app: App): string => {
  const { data, errors } = graphqlSync({ schema: app.schema, source: '{ _service { sdl } }' });
  if (errors !== undefined) throw errors[0] ?? new Error('no schema');
  return (data as { _service: { sdl: string } })._service.sdl;
};

/** The SDL of every subgraph, made from its code. */
export const subgraphSdls = (): readonly { readonly name: string; readonly sdl: string }[] => [
  { name: 'content', sdl: sdlOf(content.createApp(idle('content'))) },
  { name: 'identity', sdl: sdlOf(identity.createApp(idle('identity'), { signingKeys: [] })) },
  { name: 'payments', sdl: sdlOf(payments.createApp()) },
  { name: 'reputation', sdl: sdlOf(reputation.createApp(idle('reputation'))) },
];
