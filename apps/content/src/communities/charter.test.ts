import {
  CharterAccepted,
  CharterPublished,
  CommunityArchived,
  newId,
  type CommunityId,
  type EventType,
} from '@lyceum/contracts';
import { inTransaction, serviceContext, type Consumer } from '@lyceum/platform';
import {
  aCommunity,
  aMember,
  aQuestion,
  contentWorld,
  type ContentWorld,
  type Person,
} from '../content.factory';
import { recordArchive, recordCharterAcceptances, recordCharters } from './record-charter.consumer';

describe('rules that must be accepted', () => {
  let world: ContentWorld;
  let communityId: CommunityId;
  let person: Person;
  beforeAll(async () => {
    world = await contentWorld();
  });
  beforeEach(async () => {
    world.asked.length = 0;
    world.answers['identity'] = () => ({ internalAcceptedCharter: 0 });
    world.setNow('2026-01-01T00:00:00Z');
    communityId = await aCommunity(world.db);
    person = await aMember(world.db, communityId);
  });
  afterAll(() => world.close());

  const hear = (consumer: Consumer, type: EventType, payload: object) =>
    inTransaction(serviceContext(world.deps, 'test'), (tx) =>
      consumer.handle(tx, [
        {
          id: newId<'Event'>(),
          type: type.name,
          occurredAt: world.deps.now().toISOString(),
          requestId: 'test',
          payload: type.payload.parse(payload),
        },
      ]),
    );
  const published = (version: number, inForceFrom = '2026-01-01T00:00:00Z') =>
    hear(recordCharters, CharterPublished, { communityId, version, inForceFrom });
  const accepted = (version: number) =>
    hear(recordCharterAcceptances, CharterAccepted, {
      communityId,
      memberId: person.memberId,
      version,
    });
  const archived = (version: number, isArchived: boolean) =>
    hear(recordArchive, CommunityArchived, { communityId, version, isArchived });

  type Outcome = Record<string, { __typename: string; code?: string; version?: number }>;
  const rest = '__typename ... on UserError { code } ... on RulesNotAccepted { version }';
  const ask = async (): Promise<Outcome[string] | undefined> =>
    (
      await world.run<Outcome>(
        person,
        `mutation ($communityId: ID!) { askQuestion(input: { communityId: $communityId, title: "Why?", body: "Why?" }) { ${rest} } }`,
        { communityId },
      )
    ).data['askQuestion'];

  it('keep every post out until they are, and nothing is written', async () => {
    await published(1);
    const id = await aQuestion(world.db, person);
    const refused = { code: 'RULES_NOT_ACCEPTED', version: 1 };
    expect(await ask()).toMatchObject(refused);
    for (const [name, call] of Object.entries({
      answerQuestion: `answerQuestion(input: { questionId: "${id}", body: "Because." })`,
      comment: `comment(input: { targetId: "${id}", body: "Hm." })`,
      publishArticle: `publishArticle(input: { communityId: "${communityId}", title: "On it", body: "Much." })`,
    })) {
      const { data } = await world.run<Outcome>(person, `mutation { ${call} { ${rest} } }`);
      expect([name, data[name]]).toMatchObject([name, refused]);
    }
    const rows = await world.db.query<{ n: number }[]>(
      `SELECT count(*)::int AS n FROM (SELECT id FROM answer UNION ALL SELECT id FROM comment UNION ALL SELECT id FROM article) AS post`,
    );
    expect(rows).toEqual([{ n: 0 }]);

    await accepted(1);
    expect(await ask()).toMatchObject({ __typename: 'Question' });
  });

  it('count from the moment they are in force, and the newest alone', async () => {
    await accepted(1);
    await published(1);
    await published(2, '2026-01-02T00:00:00Z');
    expect(await ask()).toMatchObject({ __typename: 'Question' });
    world.setNow('2026-01-02T00:00:00Z');
    expect(await ask()).toMatchObject({ code: 'RULES_NOT_ACCEPTED', version: 2 });
    await accepted(2);
    await accepted(1);
    expect(await ask()).toMatchObject({ __typename: 'Question' });
  });

  it('are asked about when the acceptance is still on its way, once', async () => {
    await published(1);
    world.answers['identity'] = () => ({ internalAcceptedCharter: 1 });
    expect(await ask()).toMatchObject({ __typename: 'Question' });
    expect(await ask()).toMatchObject({ __typename: 'Question' });
    expect(world.asked).toHaveLength(1);
  });

  it('do not matter to the members of other communities', async () => {
    await published(1);
    person = await aMember(world.db, await aCommunity(world.db));
    communityId = person.communityId;
    expect(await ask()).toMatchObject({ __typename: 'Question' });
  });

  it('an archived community is closed to all that writes, until it is brought back', async () => {
    await archived(2, true);
    await archived(1, false);
    const { errors } = await world.run(
      person,
      `mutation { askQuestion(input: { communityId: "${communityId}", title: "Why?", body: "Why?" }) { __typename } }`,
    );
    expect(errors[0]?.extensions['code']).toBe('FORBIDDEN');
    await archived(3, false);
    expect(await ask()).toMatchObject({ __typename: 'Question' });
  });
});
