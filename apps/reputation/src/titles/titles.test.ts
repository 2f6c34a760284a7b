import { newId, type AccountId, type CommunityId } from '@lyceum/contracts';
import { serviceContext } from '@lyceum/platform';
import { aMemberAs, outcomeAs } from '../ask-as.factory';
import { communityCreated } from '../deliver.factory';
import { aLivedInWorld, joined, now, upvote, type LivedIn } from '../lived-in.factory';
import { query } from '../sql';
import { featureMember } from './feature-members.job';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
beforeEach(() => {
  lived.world.setNow(now.toISOString());
});
afterAll(() => lived.world.close());

type Somebody = Awaited<ReturnType<typeof aMemberAs>>;

const act = (who: { accountId: AccountId } | null, mutation: string, input: object) =>
  outcomeAs(lived, who?.accountId ?? null, {
    ...{ mutation, input },
    select: '... on Title { id name } ... on MemberTitle { grantId reason endsAt title { name } }',
  });

const aCommunity = async () => {
  const communityId = newId<'Community'>();
  await lived.receive([communityCreated(communityId)]);
  const owner = await aMemberAs(lived, { role: 'owner', communityId });
  const ada = await aMemberAs(lived, { role: 'member', communityId });
  return { communityId, owner, ada };
};
const define = (owner: Somebody, communityId: CommunityId, told: object) =>
  act(owner, 'defineTitle', { communityId, name: 'Mentor', ...told });

const titlesOf = async ({ memberId }: Somebody) => {
  const [found] = await lived.ask<{ titles: { reason: string; title: { name: string } }[] }>(
    [{ __typename: 'Member', id: memberId }],
    '... on Member { titles { reason title { name } } }',
  );
  return found?.titles;
};

it('is given by hand with a reason and an end, once, and taken away', async () => {
  const { communityId, owner, ada } = await aCommunity();
  const titleId = (await define(owner, communityId, {}))['id'];
  const endsAt = new Date(now.getTime() + 60_000).toISOString();
  const grant = (told: object = {}) =>
    act(owner, 'grantTitle', {
      ...{ titleId, memberId: ada.memberId, reason: 'Helps newcomers', endsAt, ...told },
    });
  const outcomes = await Promise.all([grant(), grant(), grant()]);
  expect(new Set(outcomes.map(({ grantId }) => grantId)).size).toBe(1);
  expect(await titlesOf(ada)).toEqual([{ reason: 'Helps newcomers', title: { name: 'Mentor' } }]);
  lived.world.setNow(endsAt);
  expect(await titlesOf(ada)).toEqual([]);

  const { grantId } = await grant({ endsAt: null });
  const revoke = (reason: string) => act(owner, 'revokeTitle', { grantId, reason });
  expect(await revoke(' ')).toMatchObject({ code: 'TITLE_INVALID' });
  await revoke('Has left the team');
  await revoke('Has left the team');
  expect(await titlesOf(ada)).toEqual([]);
});

it('goes by a level or a badge as long as that lasts, and says why', async () => {
  const { communityId, owner, ada } = await aCommunity();
  await lived.receive(Array.from({ length: 3 }, () => upvote(communityId, ada.memberId)));
  const levels = await lived.ask<{ level: { number: number } | null }>(
    [{ __typename: 'Member', id: ada.memberId }],
    '... on Member { level { number } }',
  );
  const level = levels[0]?.level?.number ?? 0;
  await define(owner, communityId, { name: 'Known', level });
  await define(owner, communityId, { name: 'Famous', level: level + 1 });
  await define(owner, communityId, { name: 'Teacher', badge: 'teacher' });
  expect((await titlesOf(ada))?.map(({ title }) => title.name)).toEqual(['Known']);
  await lived.world.db.query(
    `INSERT INTO badge_award (community_id, member_id, badge, subject_id, awarded_at, figure) VALUES ($1, $2, 'teacher', '', $3, 1)`,
    [communityId, ada.memberId, now],
  );
  expect((await titlesOf(ada))?.map(({ reason }) => reason)).toEqual([
    expect.stringContaining(`Has reached level ${String(level)}`),
    'Has the badge teacher',
  ]);
  const { id: titleId } = await define(owner, communityId, { name: 'Soon gone', level: 1 });
  await act(owner, 'retireTitle', { titleId });
  expect(await titlesOf(ada)).toHaveLength(2);
});

it('refuses titles of nothing, of two rules, of a name that is taken, and given to nobody', async () => {
  const { communityId, owner } = await aCommunity();
  for (const told of [{ name: ' ' }, { level: 1, badge: 'a' }, { level: 0 }, { badge: 'A b' }])
    expect(await define(owner, communityId, told)).toMatchObject({ code: 'TITLE_INVALID' });
  const { id: titleId } = await define(owner, communityId, {});
  expect(await define(owner, communityId, { name: 'MENTOR' })).toMatchObject({
    code: 'TITLE_INVALID',
  });
  const grant = { titleId, memberId: newId(), reason: 'Because' };
  expect(await act(owner, 'grantTitle', grant)).toMatchObject({ code: 'TITLE_INVALID' });
  expect(await act(owner, 'grantTitle', { ...grant, titleId: newId() })).toMatchObject({
    code: 'TITLE_NOT_FOUND',
  });
});

it.each(['defineTitle', 'retireTitle', 'grantTitle', 'revokeTitle'])(
  '%s is for owners and admins',
  async (mutation) => {
    const { communityId, owner, ada } = await aCommunity();
    const { id: titleId } = await define(owner, communityId, {});
    const given = { titleId, memberId: ada.memberId, reason: 'Because' };
    const { grantId } = await act(owner, 'grantTitle', given);
    const input = {
      defineTitle: { communityId, name: 'x' },
      retireTitle: { titleId },
      grantTitle: given,
      revokeTitle: { grantId, reason: 'Because' },
    }[mutation];
    expect(await act(ada, mutation, input ?? {})).toMatchObject({ code: 'NOT_COMMUNITY_ADMIN' });
    await expect(act(null, mutation, input ?? {})).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  },
);

it('features a member of the week once, and nobody who does not want to be shown', async () => {
  const { communityId, ada } = await aCommunity();
  const bob = await aMemberAs(lived, { role: 'member', communityId });
  for (const { memberId } of [ada, bob]) await lived.receive([joined(communityId, memberId)]);
  await lived.receive([
    ...Array.from({ length: 3 }, () => upvote(communityId, ada.memberId)),
    upvote(communityId, bob.memberId),
  ]);
  const hide = ({ memberId }: Somebody, isHidden: boolean) =>
    lived.world.db.query('UPDATE member_standing SET is_hidden = $2 WHERE member_id = $1', [
      ...[memberId, isHidden],
    ]);
  const featured = async () => {
    const [found] = await lived.ask<{
      featuredMember: { week: string; reason: string; member: { id: string } } | null;
    }>(
      [{ __typename: 'Community', id: communityId }],
      '... on Community { featuredMember { week reason member { id } } }',
    );
    return found?.featuredMember;
  };
  await hide(ada, true);
  const ctx = serviceContext(lived.world.deps, 'test');
  const week = { communityId, week: '2021-05-03' };
  await Promise.all([featureMember(ctx, week), featureMember(ctx, week)]);
  expect(await featured()).toMatchObject({ week: '2021-05-03', member: { id: bob.memberId } });
  const rows = await query(lived.world.db, 'SELECT FROM featured_member WHERE community_id = $1', [
    communityId,
  ]);
  expect(rows).toHaveLength(1);
  await hide(bob, true);
  expect(await featured()).toBeNull();
});
