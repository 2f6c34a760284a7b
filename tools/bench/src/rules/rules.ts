import {
  activate,
  entriesOf,
  stackExchange,
  type Activity,
  type RuleBook,
} from '@lyceum/reputation/app';
import { importedId, type CommunityId, type MemberId } from '@lyceum/contracts';
import { absolute, type Figure } from '../figures';

const rules = 100;
const events = 100_000;
const members = 2_000;
const days = 60;

/** A hundred rules: half of them are asked about every vote and pass, the others are about something else. */
const aBook = (): RuleBook => {
  const own = stackExchange.rules;
  const further = Array.from({ length: rules - own.length }, (_, i) => ({
    name: `further-${String(i)}`,
    on: 'vote' as const,
    when: {
      subjectType: [i % 2 === 0 ? 'answer' : `kind-${String(i)}`] as [string],
      ...{ value: i % 2 === 0 ? i + 2 : 1, self: false },
    },
    to: 'subject-author' as const,
    points: 1,
    limits: ['daily'],
    reason: 'A further reason',
  }));
  return [activate({ ...stackExchange, rules: [...own, ...further] }, { version: 1 })];
};

const aLog = (): Activity[] => {
  const communityId: CommunityId = importedId('bench');
  const memberIds = Array.from({ length: members }, (_, i) => importedId<'Member'>('bench', i));
  const memberAt = (i: number): MemberId | null => memberIds[i % members] ?? null;
  return Array.from({ length: events }, (_, i) => ({
    ...{ eventId: importedId<'Event'>('bench', i), communityId, kind: 'vote', version: 1 },
    ...{ key: `vote:${String(i)}`, actorId: memberAt(i * 7 + 1), subjectType: 'answer' },
    ...{ subjectId: String(i % 5_000), subjectAuthorId: memberAt(i * 13) },
    ...{ value: i % 5 === 0 ? -1 : 1, earnsPoints: true },
    occurredAt: new Date(Date.UTC(2021, 0, 1 + (i % days), 0, 0, i % 86_400)),
  }));
};

/** Events a second on one core: judged, limited, folded by day and held above the floor. */
export const runRulesBench = (rounds: number): Promise<readonly Figure[]> => {
  const [book, log] = [aBook(), aLog()];
  entriesOf(book, log.slice(0, 10_000)); // compiles
  const rates = Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    entriesOf(book, log);
    const { user, system } = process.cpuUsage(before); // what others do on the machine does not count
    return (events * 1_000_000) / (user + system);
  });
  return Promise.resolve([
    absolute(
      {
        name: `${String(rules)} rules, one core, limits and floor included`,
        unit: 'events/s',
        atLeast: 20_000,
      },
      rates,
    ),
  ]);
};
