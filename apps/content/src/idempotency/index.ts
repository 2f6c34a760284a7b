import { forgetKeys } from './forget-keys.job';

export const idempotency = { jobs: [forgetKeys] };
