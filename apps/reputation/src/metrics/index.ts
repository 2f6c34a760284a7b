import type { AnyJob, Consumer } from '@lyceum/platform';
import type { ClassType } from 'type-graphql';
import { MetricResolver } from './metric.resolver';

/** What is measured: metrics and all that is made of them. */
export const analytics = {
  resolvers: [MetricResolver] as readonly ClassType[],
  consumers: [] as readonly Consumer[],
  jobs: [] as readonly AnyJob[],
};
