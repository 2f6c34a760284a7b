import { BehaviourReported, ViewsCounted } from '@lyceum/contracts';
import { consume, type Consumer, type Signals } from '@lyceum/platform';
import { engagementTopic } from '../engagement/engagement-topic';
import { countBehaviour } from './count-behaviour';

/** Counts what people did, tells whose views grew, and wakes who watches. */
export const countBehaviours = (signals: Signals): Consumer =>
  consume({
    name: 'reputation.count-behaviour',
    destination: 'reputation-engagement',
    types: [BehaviourReported],
    handle: async (tx, events) => {
      const communityIds = [...new Set(events.map(({ payload }) => payload.communityId))];
      for (const { communityId, subjectId, subjectType, views } of await countBehaviour(
        tx.db,
        communityIds,
      ))
        await tx.emit(ViewsCounted, { communityId, subjectType, subjectId, views });
      tx.afterCommit(() => {
        for (const communityId of communityIds) signals.publish(engagementTopic(communityId));
      });
    },
  });
