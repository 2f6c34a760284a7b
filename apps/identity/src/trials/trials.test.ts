import type { CommunityId } from '@lyceum/contracts';
import { serviceContext } from '@lyceum/platform';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';
import { endTrials } from './end-trials.job';

describe('trials', () => {
  let world: IdentityWorld;
  let owner: Person;
  let communityId: CommunityId;
  beforeAll(async () => {
    world = await identityWorld();
  });
  beforeEach(async () => {
    world.setNow('2026-01-01T00:00:00Z');
    owner = await world.person();
    ({ id: communityId } = await world.community(owner));
  });
  afterAll(() => world.close());

  type Outcome = Record<string, unknown>;
  const run = async (name: string, input: object, who: Person): Promise<Outcome> => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const fields =
      name === 'setTrial' ? '... on Community { trialDays }' : '... on Trial { endsAt }';
    const { data, codes } = await world.ask<Record<string, Outcome | undefined>>(
      `mutation ($input: ${type}!) { ${name}(input: $input) { ... on UserError { code } ${fields} } }`,
      { input: { communityId, ...input } },
      who,
    );
    return data[name] ?? { code: codes[0] };
  };
  const member = async (email: string | null) => {
    const person = await world.person();
    await world.member(person, communityId);
    await world.db.query('UPDATE account SET email = $2, email_verified_at = now() WHERE id = $1', [
      person.id,
      email,
    ]);
    return person;
  };
  const start = (who: Person) => run('startTrial', {}, who);

  it('are offered by owners and administrators, for 1 to 90 days', async () => {
    expect(await start(owner)).toEqual({ code: 'NO_TRIAL_OFFERED' });
    expect(await run('setTrial', { days: 14 }, owner)).toEqual({ trialDays: 14 });
    for (const days of [0, 91])
      expect(await run('setTrial', { days }, owner)).toEqual({ code: 'BAD_INPUT' });
    for (const role of ['moderator', 'analyst', 'member'] as const) {
      const person = await world.person();
      await world.member(person, communityId, { role });
      expect(await run('setTrial', { days: 1 }, person)).toEqual({ code: 'FORBIDDEN' });
    }
    expect(await run('setTrial', { days: null }, owner)).toEqual({ trialDays: null });
  });

  it('are had once a person: not twice at once, nor with another account of the mailbox', async () => {
    await run('setTrial', { days: 14 }, owner);
    const person = await member('ada+1@example.org');
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => start(person)));
    expect(outcomes.filter(({ endsAt }) => endsAt === '2026-01-15T00:00:00.000Z')).toHaveLength(1);
    expect(outcomes.filter(({ code }) => code === 'TRIAL_USED')).toHaveLength(9);
    expect(await start(await member('Ada@example.org'))).toEqual({ code: 'TRIAL_USED' });
    expect(await start(await member(null))).toEqual({ code: 'EMAIL_NOT_VERIFIED' });
    expect(await start(await world.person())).toEqual({ code: 'NOT_A_MEMBER' });
    const rows = await world.db.query('SELECT email_digest FROM trial');
    expect(JSON.stringify(rows)).not.toContain('@');
  });

  it('end by the clock, once', async () => {
    await run('setTrial', { days: 1 }, owner);
    await start(await member('bob@example.org'));
    const end = () =>
      endTrials.run(
        {
          deps: world.deps,
          ctx: serviceContext(world.deps, 'job'),
          signal: new AbortController().signal,
        },
        {},
      );
    const running = async () =>
      (
        await world.db.query<unknown[]>(
          'SELECT FROM trial WHERE community_id = $1 AND ended_at IS NULL',
          [communityId],
        )
      ).length;
    world.setNow('2026-01-01T23:59:59Z');
    await end();
    expect(await running()).toBe(1);
    world.setNow('2026-01-02T00:00:00Z');
    await Promise.all([end(), end()]);
    expect(await running()).toBe(0);
    expect(await world.db.query(`SELECT details FROM mail WHERE template = 'trial-ended'`)).toEqual(
      [{ details: expect.objectContaining({ at: '2026-01-02T00:00:00.000Z' }) as object }],
    );
  });
});
