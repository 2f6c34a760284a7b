import { endTrials } from './end-trials.job';
import { TrialResolver } from './trial.resolver';

export const trials = { resolvers: [TrialResolver], jobs: [endTrials] };
