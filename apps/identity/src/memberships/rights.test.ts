import { roles, type CommunityId, type RoleName } from '@lyceum/contracts';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';

/*
 * What members of each role may do with members of each, written a second time and from the other side: the
 * actors that may. Every other actor must be refused, through the graph, and nothing may change.
 */
const actors = [...roles, 'left', 'banned', 'stranger', 'nobody'] as const;
type ActorName = (typeof actors)[number];

const both: readonly ActorName[] = ['owner', 'admin'];
const staff: readonly ActorName[] = ['owner', 'admin', 'moderator'];

const isHigh = (role: RoleName): boolean => role === 'owner' || role === 'admin';

const mayBan = (target: RoleName): readonly ActorName[] => {
  if (target === 'owner') return [];
  if (target === 'admin') return ['owner'];
  return target === 'moderator' ? both : staff;
};

/** Operations on a member, by the member's role. */
const onMembers: Record<
  string,
  { input?: Record<string, unknown>; may: (target: RoleName) => readonly ActorName[] }
> = {
  banMember: { may: mayBan },
  liftBan: { may: mayBan },
  offerOwnership: { may: (target) => (target === 'owner' ? [] : ['owner']) },
  ...Object.fromEntries(
    roles.map((to) => [
      `changeRole to ${to}`,
      {
        input: { role: to.toUpperCase() },
        may: (from: RoleName) => {
          if (to === 'owner') return from === 'owner' ? ['owner'] : [];
          return isHigh(from) || isHigh(to) ? ['owner'] : both;
        },
      },
    ]),
  ),
};

const inputTypes: Record<string, string> = {
  liftBan: 'BanMemberInput',
};
const inputTypeOf = (name: string): string =>
  inputTypes[name] ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;

const size = Object.keys(onMembers).length * roles.length * actors.length;

jest.setTimeout(120_000);

describe(`the matrix of rights over other members, ${String(size)} cases`, () => {
  let world: IdentityWorld;
  let communityId: CommunityId;
  const people = {} as Record<ActorName, Person | null>;

  beforeAll(async () => {
    world = await identityWorld();
    const founder = await world.person('founder'); // so that no target is the last owner
    ({ id: communityId } = await world.community(founder, { visibility: 'LISTED' }));
    for (const actor of actors) {
      const person = (people[actor] = actor === 'nobody' ? null : await world.person(actor));
      if (person === null || actor === 'stranger') continue;
      const state =
        actor === 'left' || actor === 'banned'
          ? ({ status: actor, role: 'owner' } as const) // even one who was the owner once
          : ({ role: actor as RoleName } as const);
      await world.member(person, communityId, state);
    }
  });
  afterAll(() => world.close());

  const act = async (
    name: string,
    { input, who }: { input: Record<string, unknown>; who: Person | null },
  ): Promise<string> => {
    const { data, codes } = await world.ask<
      Record<string, { __typename: string; code?: string } | undefined>
    >(
      `mutation ($input: ${inputTypeOf(name)}!) { ${name}(input: $input) { __typename ... on UserError { code } } }`,
      { input },
      who,
    );
    if (codes.length > 0) return String(codes[0]);
    return data[name]?.code ?? 'allowed';
  };

  /** What is refused is said to be forbidden, or that something else must be done. */
  const refusals = [
    'FORBIDDEN',
    'UNAUTHENTICATED',
    'OWNERSHIP_MUST_BE_OFFERED',
    'MEMBER_NOT_FOUND',
  ];

  it.each(Object.keys(onMembers))('%s', async (operation) => {
    const name = operation.split(' ')[0] ?? '';
    const { input = {}, may } = onMembers[operation] ?? { may: () => [] };
    const wrong: string[] = [];
    for (const actor of actors) {
      for (const target of roles) {
        const memberId = await world.member(await world.person(), communityId, {
          role: target,
          status: name === 'liftBan' ? 'banned' : 'active',
        });
        const state = (): Promise<unknown> =>
          world.db.query('SELECT role, status, version FROM member WHERE id = $1', [memberId]);
        const before = await state();
        const seen = await act(name, { input: { memberId, ...input }, who: people[actor] });
        const isAllowed = may(target).includes(actor);
        const isRight = isAllowed
          ? seen === 'allowed'
          : refusals.includes(seen) && JSON.stringify(await state()) === JSON.stringify(before);
        if (!isRight) wrong.push(`${actor} on ${target}: ${seen}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
