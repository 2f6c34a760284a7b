import { load, type BatchQuery, type Ctx } from '@lyceum/platform';
import type { MemberId } from '@lyceum/contracts';
import { Ctx as Context, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { PrivilegeWithheld } from './privilege-withheld';

/** As reputation counts it now; asked once something was refused, so that nobody who may do it waits for it. */
@Resolver(() => PrivilegeWithheld)
export class PrivilegeWithheldResolver {
  @FieldResolver(() => String)
  async message(@Root() refusal: PrivilegeWithheld, @Context() ctx: Ctx): Promise<string> {
    const gate = await gateOf(ctx, refusal);
    return gate === null
      ? refusal.message
      : `This needs ${String(gate.from)} points, you have ${String(gate.from - gate.pointsMissing)}.`;
  }

  @FieldResolver(() => Int, { nullable: true, description: 'What the rules of today ask for.' })
  async pointsNeeded(@Root() refusal: PrivilegeWithheld, @Context() ctx: Ctx) {
    return (await gateOf(ctx, refusal))?.from ?? null;
  }

  @FieldResolver(() => Int, { nullable: true })
  async pointsMissing(@Root() refusal: PrivilegeWithheld, @Context() ctx: Ctx) {
    return (await gateOf(ctx, refusal))?.pointsMissing ?? null;
  }
}

interface Gate {
  readonly name: string;
  readonly from: number;
  readonly pointsMissing: number;
}

/** Null when points are no longer what is missing, or reputation cannot say. */
const gateOf = async (ctx: Ctx, of: PrivilegeWithheld): Promise<Gate | null> => {
  const gates = await load(ctx, gatesOfMember, of.memberId);
  const name = of.privilege.toUpperCase().replaceAll('-', '_');
  return gates?.find((gate) => gate.name === name && gate.pointsMissing > 0) ?? null;
};

const query = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Member { privileges { name from pointsMissing } } }
}`;

const gatesOfMember: BatchQuery<MemberId, readonly Gate[]> = async (ctx, ids) => {
  try {
    const { _entities: told } = await ctx.deps.graph.query<{
      _entities: ({ privileges: Gate[] | null } | null)[];
    }>('reputation', {
      query,
      variables: { representations: ids.map((id) => ({ __typename: 'Member', id })) },
    });
    return new Map(ids.map((id, index) => [id, told[index]?.privileges ?? []]));
  } catch {
    return new Map(); // a refusal that says less is still one
  }
};
