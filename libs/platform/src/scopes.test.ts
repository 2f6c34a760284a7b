import { newId } from '@lyceum/contracts';
import { graphql } from 'graphql';
import {
  Authorized,
  Directive,
  Field,
  ID,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { anonymous, buildSubgraph, Scopes, scopesOf, SessionOnly, type Actor } from './index';

@Directive('@key(fields: "id")')
@ObjectType()
class Shop {
  @Field(() => ID) id!: string;
  @Scopes('money:read') @Field(() => Number, { nullable: true }) revenue!: number;
}

@Resolver(() => Shop)
class ShopResolver {
  @Query(() => Shop)
  shop(): Shop {
    return { id: '1', revenue: 42 };
  }
  @Scopes('money:read', 'analytics:read')
  @Query(() => Number)
  forecast(): number {
    return 43;
  }
  @Authorized()
  @Mutation(() => Boolean)
  open(): boolean {
    return true;
  }
  @SessionOnly()
  @Authorized()
  @Mutation(() => Boolean)
  changeLocks(): boolean {
    return true;
  }
}

const schema = buildSubgraph({
  resolvers: [ShopResolver],
  references: { Shop: () => ({ id: '1', revenue: 42 }) },
});

const withScopes = (...scopes: string[]): Actor => ({
  kind: 'user',
  accountId: newId<'Account'>(),
  sessionId: 's',
  scopes,
});
const ask = async (source: string, actor: Actor) => {
  const { data, errors } = await graphql({ schema, source, contextValue: { actor } });
  return { data, codes: errors?.map(({ extensions }) => extensions['code']) };
};

const entities =
  '{ _entities(representations: [{ __typename: "Shop", id: "1" }]) { ... on Shop { id revenue } } }';

describe('a token’s scopes', () => {
  it.each<[string, string, string[]]>([
    ['queries need read', '{ shop { id } }', ['read']],
    ['mutations need write', 'mutation { open }', ['write']],
    ['fields need what they say, besides', '{ shop { revenue } }', ['read', 'money:read']],
    ['several are needed together', '{ forecast }', ['money:read', 'analytics:read']],
    ['a field reached as an entity needs them too', entities, ['money:read']],
  ])('%s', async (_, query, needed) => {
    expect((await ask(query, withScopes(...needed))).codes).toBeUndefined();
    expect((await ask(query, withScopes('*'))).codes).toBeUndefined();
    for (const left of needed) {
      const rest = ['read', 'write', 'analytics:read', 'money:read', 'money:write', 'admin'];
      const { codes } = await ask(query, withScopes(...rest.filter((scope) => scope !== left)));
      expect([left, codes]).toEqual([left, ['FORBIDDEN']]);
    }
    expect((await ask(query, withScopes())).codes).toEqual(['FORBIDDEN']);
  });

  it('answer the rest beside a field that they do not open', async () => {
    expect(await ask('{ shop { id revenue } }', withScopes('read'))).toEqual({
      data: { shop: { id: '1', revenue: null } },
      codes: ['FORBIDDEN'],
    });
  });

  it('leave what is for sessions to sessions, whatever they are', async () => {
    const every = withScopes('read', 'write', 'admin', 'money:read', 'money:write');
    expect((await ask('mutation { changeLocks }', every)).codes).toEqual(['FORBIDDEN']);
    expect((await ask('mutation { changeLocks }', withScopes('*'))).codes).toBeUndefined();
  });

  it('are nothing that strangers and services need', async () => {
    expect((await ask('{ shop { revenue } }', anonymous)).codes).toBeUndefined();
    expect((await ask(entities, { kind: 'service', name: 'x' })).codes).toBeUndefined();
  });

  it('are named for every root field', () => {
    expect(Object.fromEntries(scopesOf(schema))).toEqual({
      'Query.shop': ['read'],
      'Query.forecast': ['money:read', 'analytics:read'],
      'Mutation.open': ['write'],
      'Mutation.changeLocks': ['*'],
      'Shop.revenue': ['money:read'],
    });
  });
});
