import { importedId, type CommunityId, type MemberId } from '@lyceum/contracts';
import fc from 'fast-check';
import type { Activity, ActivityKind } from './activity';
import { grantSubjects } from './grants';

/** Communities for tests: few members, few posts and few days, so that activities meet each other. */
export const aCommunityId: CommunityId = importedId('community', 'rules');
export const aMemberId = (name: string): MemberId => importedId('member', name);

const epoch = Date.UTC(2021, 4, 1);
const hourMs = 3_600_000;

/** One activity, told in a few words; what is not told is unremarkable. */
export const anActivity = (told: Partial<Activity> & { key: string }): Activity => ({
  eventId: importedId<'Event'>(told.key, told.version ?? 1),
  communityId: aCommunityId,
  kind: 'vote',
  version: 1,
  actorId: null,
  subjectType: 'answer',
  subjectId: importedId('answer', told.key),
  subjectAuthorId: aMemberId('author'),
  value: 1,
  earnsPoints: true,
  occurredAt: new Date(epoch),
  ...told,
});

const member = fc.constantFrom('ada', 'bob', 'cem').map(aMemberId);
const memberOrUnknown = fc.option(member, { freq: 4 });
/** Hours on three days, in steps of eight: many activities happen at the same instant, as in dumps. */
const instant = fc.integer({ min: 0, max: 8 }).map((n) => new Date(epoch + n * 8 * hourMs));
const postType = fc.constantFrom('question', 'answer', 'comment');

const version = (values: fc.Arbitrary<number>) =>
  fc.record({ value: values, occurredAt: instant, nonce: fc.nat(1_000_000) });

interface Thing {
  readonly name: string;
  readonly kind: ActivityKind;
  readonly values: fc.Arbitrary<number>;
  readonly versions: number;
  readonly actor: fc.Arbitrary<MemberId | null>;
}

const vote: Thing = {
  name: 'vote',
  kind: 'vote',
  values: fc.constantFrom(1, 1, 1, -1, 0),
  versions: 3,
  actor: memberOrUnknown,
};

const things: readonly Thing[] = [
  vote,
  {
    name: 'acceptance',
    kind: 'acceptance',
    values: fc.constantFrom(1, 0),
    versions: 3,
    actor: memberOrUnknown,
  },
  { name: 'edit', kind: 'edit-approved', values: fc.constant(1), versions: 1, actor: member },
  {
    name: 'bounty-offer',
    kind: 'bounty-offered',
    values: fc.integer({ min: 1, max: 150 }),
    versions: 1,
    actor: memberOrUnknown,
  },
  {
    name: 'bounty-award',
    kind: 'bounty-awarded',
    values: fc.integer({ min: 1, max: 150 }),
    versions: 1,
    actor: fc.constant(null),
  },
  {
    name: 'grant',
    kind: 'grant',
    values: fc.integer({ min: -150, max: 150 }),
    versions: 2,
    actor: fc.constant(null),
  },
  {
    name: 'question',
    kind: 'question-asked',
    values: fc.constant(1),
    versions: 1,
    actor: memberOrUnknown,
  },
];

/** All versions of one thing. */
const history = ({ name, kind, values, versions, actor }: Thing): fc.Arbitrary<Activity[]> =>
  fc
    .record({
      id: fc.nat(1_000_000_000),
      actorId: actor,
      subjectType: kind === 'grant' ? fc.constantFrom(...grantSubjects) : postType,
      subjectAuthorId: memberOrUnknown,
      earnsPoints: fc.constantFrom(true, true, true, false),
      versions: fc.array(version(values), { minLength: 1, maxLength: versions }),
    })
    .map(({ id, versions: told, ...shared }) =>
      told.map(({ value, occurredAt, nonce }, i) => ({
        ...anActivity({ key: `${name}:${String(id)}` }),
        ...shared,
        kind,
        value,
        occurredAt,
        subjectId: importedId('post', id),
        version: i + 1,
        eventId: importedId<'Event'>(name, id, i, nonce),
      })),
    );

const joined = (name: string): fc.Arbitrary<Activity[]> =>
  instant.map((occurredAt) => [
    anActivity({
      key: `join:${name}`,
      kind: 'member-joined',
      actorId: aMemberId(name),
      subjectAuthorId: null,
      subjectType: null,
      subjectId: null,
      occurredAt,
    }),
  ]);

/** A log: the activity of a community, in no order. */
export const aLog = (options: { maxThings?: number } = {}): fc.Arbitrary<Activity[]> =>
  fc
    .tuple(
      fc.tuple(joined('ada'), joined('bob'), joined('cem')),
      fc.uniqueArray(fc.oneof(...things.map((thing) => history(thing)), history(vote)), {
        maxLength: options.maxThings ?? 60,
        selector: ([first]) => first?.key,
      }),
    )
    .map(([joins, histories]) => [...joins.flat(), ...histories.flat()]);
