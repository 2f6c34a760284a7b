import { newId, type CommunityId } from '@lyceum/contracts';
import { inTransaction, UserError, useCase } from '@lyceum/platform';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';
import { recordAudit, type PrivilegedAct } from './record-audit';
import { verifyAuditLog } from './verify-audit-log';

describe('the audit log', () => {
  let world: IdentityWorld;
  let owner: Person;
  let communityId: CommunityId;
  beforeEach(async () => {
    world = await identityWorld();
    owner = await world.person();
    ({ id: communityId } = await world.community(owner));
  });
  afterEach(() => world.close());

  const act = (more: Partial<PrivilegedAct> = {}): PrivilegedAct => ({
    action: 'member.banned',
    communityId,
    subject: { type: 'Member', id: newId<'Member'>() },
    ...more,
  });
  const write = (entry: PrivilegedAct = act()) =>
    inTransaction(world.as(owner), (tx) => recordAudit(tx, entry));
  const entries = () =>
    world.db.query<{ id: string; position: string }[]>(
      'SELECT id, position FROM audit_entry WHERE chain = $1 ORDER BY position',
      [communityId],
    );
  /** As somebody with all rights could do it. */
  const tamper = async (sql: string, parameters: unknown[] = []) => {
    await world.db.query('ALTER TABLE audit_entry DISABLE TRIGGER ALL');
    await world.db.query(sql, parameters);
    await world.db.query('ALTER TABLE audit_entry ENABLE TRIGGER ALL');
  };

  const query = `query ($communityId: ID!, $first: Int, $after: String, $action: String) {
    communityAuditLog(communityId: $communityId, first: $first, after: $after, action: $action) {
      edges { node { position action occurredAt reason subjectType requestId hash actor { handle } details { name value } } }
      pageInfo { hasNextPage endCursor } } }`;
  interface Log {
    communityAuditLog: {
      edges: { node: { position: string; action: string } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  }

  it('says who did what, when, why and in which request', async () => {
    await write(act({ reason: 'spam', details: { from: 'active', to: 'banned' } }));
    const { data, codes } = await world.ask<Log>(query, { communityId }, owner);
    expect(codes).toEqual([]);
    expect(data.communityAuditLog.edges[0]?.node).toMatchObject({
      position: '1',
      action: 'member.banned',
      occurredAt: '2026-01-01T00:00:00.000Z',
      reason: 'spam',
      subjectType: 'Member',
      requestId: 'test',
      actor: { handle: owner.handle },
      details: [
        { name: 'from', value: 'active' },
        { name: 'to', value: 'banned' },
      ],
    });
  });

  it('is read page by page, the newest first, and by kind of act', async () => {
    for (let n = 0; n < 5; n += 1)
      await write(act({ action: n % 2 === 0 ? 'member.added' : 'member.banned' }));
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const answer: { data: Log } = await world.ask<Log>(
        query,
        { communityId, first: 2, after },
        owner,
      );
      const { edges, pageInfo }: Log['communityAuditLog'] = answer.data.communityAuditLog;
      seen.push(...edges.map(({ node }) => node.position));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(['5', '4', '3', '2', '1']);
    const { data } = await world.ask<Log>(query, { communityId, action: 'member.banned' }, owner);
    expect(data.communityAuditLog.edges.map(({ node }) => node.position)).toEqual(['4', '2']);
  });

  it('is for owners and administrators of this community', async () => {
    const outcomes: Record<string, unknown> = {};
    for (const role of ['admin', 'moderator', 'expert', 'analyst', 'member'] as const) {
      const person = await world.person();
      await world.member(person, communityId, { role });
      outcomes[role] = (await world.ask(query, { communityId }, person)).codes[0] ?? 'read';
    }
    const left = await world.person();
    await world.member(left, communityId, { role: 'admin', status: 'left' });
    outcomes['left'] = (await world.ask(query, { communityId }, left)).codes[0];
    outcomes['owner elsewhere'] = await world.person().then(async (person) => {
      await world.community(person);
      return (await world.ask(query, { communityId }, person)).codes[0];
    });
    outcomes['nobody'] = (await world.ask(query, { communityId })).codes[0];
    expect(outcomes).toEqual({
      admin: 'read',
      moderator: 'FORBIDDEN',
      expert: 'FORBIDDEN',
      analyst: 'FORBIDDEN',
      member: 'FORBIDDEN',
      left: 'FORBIDDEN',
      'owner elsewhere': 'FORBIDDEN',
      nobody: 'UNAUTHENTICATED',
    });
    expect((await world.ask(query, { communityId: 'nonsense' }, owner)).codes).toEqual([
      'FORBIDDEN',
    ]);
    expect((await world.ask(query, { communityId, after: 'x' }, owner)).codes).toEqual([
      'BAD_INPUT',
    ]);
    expect((await world.ask(query, { communityId, action: 'x' }, owner)).codes).toEqual([
      'BAD_INPUT',
    ]);
  });

  it('has no act that was rolled back', async () => {
    class Refusal extends UserError {
      readonly code = 'NO';
      readonly message = 'No.';
    }
    await useCase(async (tx) => {
      await recordAudit(tx, act());
      return new Refusal();
    })(world.as(owner), null);
    expect(await entries()).toEqual([]);
    expect((await verifyAuditLog(world.db)).faults).toEqual([]);
  });

  it('is one chain without gaps, whatever happens at once', async () => {
    await Promise.all(Array.from({ length: 40 }, () => write()));
    expect((await entries()).map(({ position }) => Number(position))).toEqual(
      Array.from({ length: 40 }, (_, n) => n + 1),
    );
    expect(await verifyAuditLog(world.db)).toEqual({ examined: 40, faults: [] });
  });

  it.each([
    ['UPDATE audit_entry SET action = action'],
    ['DELETE FROM audit_entry'],
    ['TRUNCATE audit_entry'],
  ])('refuses %s', async (sql) => {
    await write();
    await expect(world.db.query(sql)).rejects.toThrow('append-only');
  });

  it('names the row of which one byte is another, in every column', async () => {
    for (let n = 0; n < 12; n += 1) await write(act({ details: { from: 'a' } }));
    const columns: Record<string, string> = {
      action: `overlay(action placing 'X' from 1 for 1)`,
      subject_id: `overlay(subject_id placing 'x' from 1 for 1)`,
      subject_type: `overlay(subject_type placing 'X' from 1 for 1)`,
      request_id: `request_id || 'x'`,
      details: `'{"from": "b"}'`,
      occurred_at: `occurred_at + interval '1 ms'`,
      actor_id: `'${newId()}'`,
      actor_kind: `'service'`,
      community_id: 'NULL',
      hash: `overlay(hash placing 'x' from 5 for 1)`,
      previous_hash: `overlay(previous_hash placing 'x' from 5 for 1)`,
      note_digest: `'x'`,
    };
    const all = await entries();
    for (const [index, [column, value]] of Object.entries(columns).entries())
      await tamper(`UPDATE audit_entry SET ${column} = ${value} WHERE id = $1`, [all[index]?.id]);
    const { faults } = await verifyAuditLog(world.db);
    const named = new Set(faults.map(({ row }) => row));
    expect([...named].filter((row) => row.startsWith('audit_entry'))).toHaveLength(12);
    for (const { id } of all) expect(named).toContain(`audit_entry ${id}`);
  });

  it('tells when an entry in the middle, or the last one, is gone', async () => {
    for (let n = 0; n < 4; n += 1) await write();
    const all = await entries();
    await tamper('DELETE FROM audit_entry WHERE id = $1', [all[1]?.id]);
    expect((await verifyAuditLog(world.db)).faults).toEqual([
      { row: `audit_entry ${all[2]?.id ?? ''}`, problem: expect.stringContaining('are gone') },
    ]);
    await tamper('DELETE FROM audit_entry WHERE id = $1', [all[3]?.id]);
    expect((await verifyAuditLog(world.db)).faults).toContainEqual({
      row: `audit_head ${communityId}`,
      problem: expect.stringContaining('ends elsewhere'),
    });
  });

  it('stays whole when a text is erased, and tells when one was changed', async () => {
    await write(act({ reason: 'first' }));
    await write(act({ reason: 'second' }));
    await world.db.query(`DELETE FROM audit_note WHERE text = 'first'`);
    expect((await verifyAuditLog(world.db)).faults).toEqual([]);
    await world.db.query(`UPDATE audit_note SET text = 'secone'`);
    expect((await verifyAuditLog(world.db)).faults).toHaveLength(1);
  });
});
