import type { CommunityId } from '@lyceum/contracts';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';

/*
 * The matrix of rights, written a second time and from the other side: for each operation on whom, the
 * actors that may. Every other actor must be refused, through the graph, and nothing may change.
 */
const roles = ['owner', 'admin', 'moderator', 'member'] as const;
type RoleName = (typeof roles)[number];
const actors = [...roles, 'left', 'banned', 'stranger', 'nobody'] as const;
type ActorName = (typeof actors)[number];

const both: readonly ActorName[] = ['owner', 'admin'];
const operations: Record<
  string,
  (target: { memberId: string; communityId: string; handle: string }) => Record<string, string>
> = {
  updateCommunity: ({ communityId }) => ({ communityId, name: 'Changed' }),
  addMember: ({ communityId, handle }) => ({ communityId, handle }),
  banMember: ({ memberId }) => ({ memberId }),
  liftBan: ({ memberId }) => ({ memberId }),
  'changeRole to OWNER': ({ memberId }) => ({ memberId, role: 'OWNER' }),
  'changeRole to ADMIN': ({ memberId }) => ({ memberId, role: 'ADMIN' }),
  'changeRole to MODERATOR': ({ memberId }) => ({ memberId, role: 'MODERATOR' }),
  'changeRole to MEMBER': ({ memberId }) => ({ memberId, role: 'MEMBER' }),
};

const may: Record<string, Record<RoleName, readonly ActorName[]>> = {
  updateCommunity: { owner: both, admin: both, moderator: both, member: both },
  addMember: { owner: both, admin: both, moderator: both, member: both },
  banMember: {
    owner: [],
    admin: ['owner'],
    moderator: ['owner', 'admin'],
    member: ['owner', 'admin', 'moderator'],
  },
  liftBan: {
    owner: [],
    admin: ['owner'],
    moderator: ['owner', 'admin'],
    member: ['owner', 'admin', 'moderator'],
  },
  'changeRole to OWNER': {
    owner: ['owner'],
    admin: ['owner'],
    moderator: ['owner'],
    member: ['owner'],
  },
  'changeRole to ADMIN': {
    owner: ['owner'],
    admin: ['owner'],
    moderator: ['owner'],
    member: ['owner'],
  },
  'changeRole to MODERATOR': { owner: ['owner'], admin: ['owner'], moderator: both, member: both },
  'changeRole to MEMBER': { owner: ['owner'], admin: ['owner'], moderator: both, member: both },
};

const cases = Object.keys(operations).flatMap((operation) =>
  actors.flatMap((actor) => roles.map((target) => ({ operation, actor, target }))),
);

describe(`the matrix of rights, ${cases.length} cases`, () => {
  let world: IdentityWorld;
  let communityId: CommunityId;
  const people = {} as Record<ActorName, Person | null>;

  beforeAll(async () => {
    world = await identityWorld();
    const founder = await world.person('founder'); // so that no target is the last owner
    const community = await world.community(founder);
    communityId = community.id;
    for (const actor of actors) {
      const person = (people[actor] = actor === 'nobody' ? null : await world.person(actor));
      if (person === null || actor === 'stranger') continue;
      const state =
        actor === 'left' || actor === 'banned'
          ? ({ status: actor, role: 'owner' } as const)
          : ({ role: actor as RoleName } as const);
      await world.member(person, community.id, state); // even one who was the owner once
    }
  });
  afterAll(() => world.close());

  const outcome = async (
    operation: string,
    actor: ActorName,
    target: RoleName,
  ): Promise<string> => {
    const handle = `target-${Math.random().toString(36).slice(2, 12)}`;
    const person = await world.person(handle);
    const isLift = operation === 'liftBan';
    const memberId = await world.member(person, communityId, {
      role: target,
      status: isLift ? 'banned' : 'active',
    });
    const name = operation.split(' ')[0] ?? '';
    const inputType = isLift
      ? 'BanMemberInput'
      : `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const state = (): Promise<unknown> =>
      world.db.query('SELECT role, status, version FROM member WHERE id = $1', [memberId]);
    const before = await state();
    const { data, codes } = await world.ask<
      Record<string, { __typename: string; code?: string } | undefined>
    >(
      `mutation ($input: ${inputType}!) { ${name}(input: $input) { __typename ... on UserError { code } } }`,
      { input: operations[operation]?.({ memberId, communityId, handle }) },
      people[actor],
    );
    const isAllowed = ['Community', 'Member'].includes(String(data[name]?.__typename));
    if (!isAllowed) expect(await state()).toEqual(before);
    return isAllowed ? 'allowed' : String((codes[0] as string | undefined) ?? data[name]?.code);
  };

  it.each(Object.keys(operations))('%s', async (operation) => {
    const seen: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const actor of actors) {
      for (const target of roles) {
        const refusal = actor === 'nobody' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
        const isAllowed = may[operation]?.[target].includes(actor) ?? false;
        expected[`${actor} on ${target}`] = isAllowed ? 'allowed' : refusal;
        seen[`${actor} on ${target}`] = await outcome(operation, actor, target);
      }
    }
    expect(seen).toEqual(expected);
  });
});
