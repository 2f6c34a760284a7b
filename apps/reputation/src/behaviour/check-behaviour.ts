import { isId } from '@lyceum/contracts';
import { BehaviourKind, BehaviourProblem, type BehaviourInput } from './behaviour.types';

export const maxEvents = 100;
const hourMs = 3_600_000;
/** How late an event may be told; its id is remembered for longer. */
export const maxLateDays = 7;
const maxAheadMs = 5 * 60_000;
const maxDurationMs = 4 * hourMs;
const maxTargetLength = 200;

/** What is wrong with an event by itself; null when nothing is. */
export const problemOf = (event: BehaviourInput, now: Date): BehaviourProblem | null => {
  if (!isId(event.id) || !isId(event.subjectId)) return BehaviourProblem.NOT_AN_ID;
  const ageMs = now.getTime() - event.occurredAt.getTime();
  if (ageMs > maxLateDays * 24 * hourMs) return BehaviourProblem.TOO_OLD;
  if (ageMs < -maxAheadMs) return BehaviourProblem.IN_THE_FUTURE;
  if (!isDurationRight(event)) return BehaviourProblem.BAD_DURATION;
  return isTargetRight(event) ? null : BehaviourProblem.BAD_TARGET;
};

const isDurationRight = ({ kind, durationMs }: BehaviourInput): boolean =>
  kind === BehaviourKind.READ
    ? durationMs != null && durationMs > 0 && durationMs <= maxDurationMs
    : durationMs == null;

const isTargetRight = ({ kind, target }: BehaviourInput): boolean => {
  if (kind === BehaviourKind.VIEW || kind === BehaviourKind.READ) return target == null;
  return (
    target == null ||
    (target !== '' && target.length <= maxTargetLength && !target.includes('\u0000'))
  );
};

const crawlers =
  /bot\b|bot[/;]|crawl|spider|slurp|archiver|headless|phantomjs|lighthouse|preview|facebookexternalhit|curl\/|wget\/|python-requests|axios\/|okhttp|java\/|go-http/i;

/** Whether a program looks, as it says itself. One that hides is told apart by nothing but its haste. */
export const isCrawler = (client: {
  readonly userAgent?: string | null | undefined;
  readonly isAutomated?: boolean | undefined;
}): boolean => client.isAutomated === true || crawlers.test(client.userAgent ?? '');
