import { assertRoutes } from '@lyceum/platform';
import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
  type GraphQLInputType,
} from 'graphql';
import { createApp } from './app';
import { contentWorld, type ContentWorld } from './content.factory';

describe('the content app', () => {
  let world: ContentWorld;
  beforeAll(async () => {
    world = await contentWorld();
  });
  afterAll(() => world.close());

  it('consumes what is routed to it', () => {
    expect(() => assertRoutes('content', createApp(world.deps).consumers)).not.toThrow();
  });

  /** Some value of the type; enough to get past the validation of variables. */
  const someValue = (type: GraphQLInputType): unknown => {
    if (isNonNullType(type)) return someValue(type.ofType);
    if (isListType(type)) return [];
    if (isEnumType(type)) return type.getValues()[0]?.name;
    if (isInputObjectType(type))
      return Object.fromEntries(
        Object.values(type.getFields()).map((field) => [field.name, someValue(field.type)]),
      );
    return isScalarType(type) ? ({ Int: 1, Boolean: true }[type.name] ?? 'x') : null;
  };

  it('lets nobody write who is not logged in', async () => {
    const mutations = Object.values(
      createApp(world.deps).schema.getMutationType()?.getFields() ?? {},
    );
    expect(mutations.length).toBeGreaterThanOrEqual(20);
    for (const { name, args } of mutations) {
      const input = args[0];
      if (input === undefined) throw new Error(`${name} has no input`);
      const { codes } = await world.run(
        null,
        `mutation ($input: ${String(input.type)}) { ${name}(input: $input) { __typename } }`,
        { input: someValue(input.type) },
      );
      expect([name, codes]).toEqual([name, ['UNAUTHENTICATED']]);
    }
  });
});
