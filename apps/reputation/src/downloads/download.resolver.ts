import { Scopes, type Ctx } from '@lyceum/platform';
import { Arg, Authorized, Ctx as Context, Mutation, Resolver } from 'type-graphql';
import { createMetricDownload } from './create-download';
import { MetricDownloadInput, MetricDownloadResult } from './download.types';

@Resolver()
export class DownloadResolver {
  @Authorized()
  @Scopes('analytics:read')
  @Mutation(() => MetricDownloadResult, {
    nullable: true,
    description:
      'Allows to fetch metrics as CSV or NDJSON for ten minutes. For owners, admins and analysts of the community.',
  })
  createMetricDownload(
    @Context() ctx: Ctx,
    @Arg('input', () => MetricDownloadInput) input: MetricDownloadInput,
  ): Promise<typeof MetricDownloadResult> {
    return createMetricDownload(ctx, input);
  }
}
