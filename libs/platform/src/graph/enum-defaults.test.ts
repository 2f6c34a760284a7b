import 'reflect-metadata';
import { graphql, introspectionFromSchema } from 'graphql';
import { Arg, Field, InputType, Query, registerEnumType, Resolver } from 'type-graphql';
import { anonymous } from '../auth';
import { buildSubgraph } from './schema';

enum Order {
  NEWEST_FIRST = 'newest-first',
  HOT = 'hot',
}
registerEnumType(Order, { name: 'Order' });

@InputType()
class ListInput {
  @Field(() => Order, { defaultValue: Order.HOT }) order!: Order;
  @Field(() => [Order], { defaultValue: [Order.HOT] }) orders!: Order[];
}

@Resolver()
class ListResolver {
  @Query(() => String)
  list(
    @Arg('order', () => Order, { defaultValue: Order.NEWEST_FIRST }) order: Order,
    @Arg('input', () => ListInput, { nullable: true }) input?: ListInput,
  ): string {
    return [order, input?.order, ...(input?.orders ?? [])].join();
  }
}

describe('a default that is an enum value', () => {
  const schema = buildSubgraph({ resolvers: [ListResolver], references: {} });
  const list = async (source: string): Promise<unknown> =>
    (await graphql({ schema, source, contextValue: { actor: anonymous } })).data?.['list'];

  it('reaches the resolver as the value, given or omitted', async () => {
    expect(await list('{ list }')).toBe('newest-first,');
    expect(await list('{ list(order: HOT) }')).toBe('hot,');
    expect(await list('{ list(input: {}) }')).toBe('newest-first,hot,hot');
    expect(await list('{ list(input: { orders: [NEWEST_FIRST] }) }')).toBe(
      'newest-first,hot,newest-first',
    );
  });

  it('can be introspected', () => {
    expect(JSON.stringify(introspectionFromSchema(schema))).toContain('"NEWEST_FIRST"');
  });
});
