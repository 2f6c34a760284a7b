import {
  importedId,
  newId,
  RatingRecorded,
  type CommunityId,
  type MemberId,
} from '@lyceum/contracts';
import { testWorld, type TestWorld } from '@lyceum/testing';
import { consumersOf } from '../consumers';
import { database } from '../database';
import { anEvent, deliver } from '../deliver.factory';
import { ratingsOfCommunity, satisfactionReport } from './satisfaction-report';

const member = (name: string): MemberId => importedId('member', name);

describe('satisfaction', () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ app: 'reputation', database });
  });
  afterAll(() => world.close());

  const figure = (report: ReturnType<typeof satisfactionReport>, name: string) =>
    report.outputs.find((one) => one.name === name);

  it('of the seed’s own member is 4.5, and 3.0 as it was written', () => {
    const report = satisfactionReport([{ memberId: member('ada'), values: [5, 4] }], 3);
    expect(figure(report, 'satisfaction')).toEqual({
      ...{ name: 'satisfaction', value: 4.5, low: 0, high: 5 },
    });
    expect(figure(report, 'satisfaction as written')?.value).toBe(3);
    expect(report.refusal).toBeUndefined();
    expect(report.caveat).toContain('those who rated');
  });

  it('of many is the mean over members, with its interval, and names the least content', () => {
    const rated = [
      { memberId: member('ada'), values: [5, 5, 5, 5] },
      { memberId: member('bob'), values: [1] },
      { memberId: member('cem'), values: [3, 4] },
    ];
    const report = satisfactionReport(rated, 4);
    expect(figure(report, 'satisfaction')?.value).toBeCloseTo((5 + 1 + 3.5) / 3, 10);
    expect(figure(report, 'satisfaction')?.low).toBeCloseTo(
      9.5 / 3 - 1.96 * Math.sqrt(4.08333 / 3),
      3,
    );
    expect(figure(report, 'satisfaction as written')?.value).toBeCloseTo((5 + 0.25 + 1.75) / 3, 10);
    expect(report.members?.map(({ score }) => score)).toEqual([1, 3.5, 5]);
    expect(report.inputs).toEqual([
      { name: 'members who rated', value: 3 },
      { name: 'things rated by anybody (n)', value: 4 },
      { name: 'ratings', value: 7 },
    ]);
  });

  it('says nothing while nobody has rated', () => {
    expect(satisfactionReport([], 0)).toMatchObject({
      outputs: [],
      refusal: expect.any(String) as string,
    });
  });

  it('is computed from what was told last of each rating, in whatever order, and without what was taken back', async () => {
    const communityId: CommunityId = newId();
    const [first, second] = [newId<'Rating'>(), newId<'Rating'>()];
    const told = (ratingId: typeof first, value: number, version: number) =>
      anEvent(RatingRecorded, {
        ...{ communityId, ratingId, version, value, raterId: member('ada'), ownerId: null },
        ...{ subjectType: 'article', subjectId: ratingId },
      });
    const receive = (...events: ReturnType<typeof told>[]) =>
      deliver(world.deps, consumersOf(world.deps.signals), events);
    await receive(told(first, 3, 2), told(first, 5, 1), told(second, 4, 1));
    await receive(told(first, 5, 1));
    expect(await ratingsOfCommunity(world.db, communityId)).toMatchObject({ things: 2 });
    await receive(told(second, 0, 2));
    await receive(told(second, 1, 1));
    expect(await ratingsOfCommunity(world.db, communityId)).toEqual({
      rated: [{ memberId: member('ada'), values: [3] }],
      things: 1,
    });
  });
});
