import type { AnyJob, Consumer, Signals } from '@lyceum/platform';
import type { ClassType } from 'type-graphql';
import { AlertResolver } from '../alerts/alert.resolver';
import { evaluateAlertRules } from '../alerts/evaluate-alerts.job';
import { BehaviourResolver } from '../behaviour/behaviour.resolver';
import { countBehaviours } from '../behaviour/count-behaviour.consumer';
import { recordConsent } from '../behaviour/record-consent.consumer';
import { forgetBehaviourIds } from '../behaviour/forget-behaviour-ids.job';
import { DownloadResolver } from '../downloads/download.resolver';
import { downloadRoutes } from '../downloads/routes';
import { computeModels } from '../models/compute-models.job';
import { ModelResolver } from '../models/model.resolver';
import { ObjectivesResolver } from '../models/objectives.resolver';
import { recordRatings } from '../ratings/record-ratings.consumer';
import { SatisfactionResolver } from '../ratings/satisfaction.resolver';
import { MetricResolver } from './metric.resolver';
import { recordArticleAccess } from './record-article-access.consumer';
import { recordRevenue } from './record-revenue.consumer';
import { RevenueResolver } from './revenue.resolver';
import { MetricUpdatesResolver } from './metric-updates.resolver';

/** What is measured: metrics and all that is made of them. */
export const analytics = {
  resolvers: [
    MetricResolver,
    MetricUpdatesResolver,
    BehaviourResolver,
    DownloadResolver,
    AlertResolver,
    ModelResolver,
    ObjectivesResolver,
    RevenueResolver,
    SatisfactionResolver,
  ] as readonly ClassType[],
  consumers: (signals: Signals): readonly Consumer[] => [
    countBehaviours(signals),
    recordConsent,
    recordRevenue(signals),
    recordArticleAccess(signals),
    recordRatings,
  ],
  routes: downloadRoutes,
  jobs: [forgetBehaviourIds, evaluateAlertRules, computeModels] as readonly AnyJob[],
};
