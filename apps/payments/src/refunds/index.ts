import { NotRefundable } from './refund-terms';
import { RefundPreview, RefundResolver } from './refund.resolver';
import { Refund } from './refund.type';
import { sendRefund, sweepRefunds } from './send-refund.job';

export const refunds = {
  resolvers: [RefundResolver],
  types: [NotRefundable, Refund, RefundPreview],
  jobs: [sendRefund, sweepRefunds],
};
