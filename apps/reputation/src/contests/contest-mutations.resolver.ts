import type { Ctx } from '@lyceum/platform';
import { Arg, Authorized, Ctx as Context, Mutation, Resolver } from 'type-graphql';
import { draftContest, DraftContestInput, DraftContestResult } from './draft-contest';
import { enterContest, EnterContestInput, EnterContestResult } from './enter-contest';
import {
  judgeContestEntry,
  JudgeContestEntryInput,
  JudgeContestEntryResult,
  voteForContestEntry,
  VoteForContestEntryInput,
  VoteForContestEntryResult,
} from './judge-entry';
import {
  announceContest,
  AnnounceContestInput,
  AnnounceContestResult,
  cancelContest,
  CancelContestInput,
  CancelContestResult,
  setContestJury,
  SetContestJuryInput,
  SetContestJuryResult,
} from './manage-contest';
import {
  withdrawContestEntry,
  WithdrawContestEntryInput,
  WithdrawContestEntryResult,
} from './withdraw-entry';

const byAdmins = { description: 'For owners and admins.' };

@Resolver()
export class ContestMutationsResolver {
  @Authorized()
  @Mutation(() => DraftContestResult, byAdmins)
  draftContest(
    @Context() ctx: Ctx,
    @Arg('input', () => DraftContestInput) input: DraftContestInput,
  ): Promise<typeof DraftContestResult> {
    return draftContest(ctx, input);
  }

  @Authorized()
  @Mutation(() => AnnounceContestResult, byAdmins)
  announceContest(
    @Context() ctx: Ctx,
    @Arg('input', () => AnnounceContestInput) input: AnnounceContestInput,
  ): Promise<typeof AnnounceContestResult> {
    return announceContest(ctx, input);
  }

  @Authorized()
  @Mutation(() => CancelContestResult, byAdmins)
  cancelContest(
    @Context() ctx: Ctx,
    @Arg('input', () => CancelContestInput) input: CancelContestInput,
  ): Promise<typeof CancelContestResult> {
    return cancelContest(ctx, input);
  }

  @Authorized()
  @Mutation(() => SetContestJuryResult, byAdmins)
  setContestJury(
    @Context() ctx: Ctx,
    @Arg('input', () => SetContestJuryInput) input: SetContestJuryInput,
  ): Promise<typeof SetContestJuryResult> {
    return setContestJury(ctx, input);
  }

  @Authorized()
  @Mutation(() => EnterContestResult)
  enterContest(
    @Context() ctx: Ctx,
    @Arg('input', () => EnterContestInput) input: EnterContestInput,
  ): Promise<typeof EnterContestResult> {
    return enterContest(ctx, input);
  }

  @Authorized()
  @Mutation(() => WithdrawContestEntryResult)
  withdrawContestEntry(
    @Context() ctx: Ctx,
    @Arg('input', () => WithdrawContestEntryInput) input: WithdrawContestEntryInput,
  ): Promise<typeof WithdrawContestEntryResult> {
    return withdrawContestEntry(ctx, input);
  }

  @Authorized()
  @Mutation(() => JudgeContestEntryResult, { description: 'For jurors, while it is judged.' })
  judgeContestEntry(
    @Context() ctx: Ctx,
    @Arg('input', () => JudgeContestEntryInput) input: JudgeContestEntryInput,
  ): Promise<typeof JudgeContestEntryResult> {
    return judgeContestEntry(ctx, input);
  }

  @Authorized()
  @Mutation(() => VoteForContestEntryResult, { description: 'For members, while it is judged.' })
  voteForContestEntry(
    @Context() ctx: Ctx,
    @Arg('input', () => VoteForContestEntryInput) input: VoteForContestEntryInput,
  ): Promise<typeof VoteForContestEntryResult> {
    return voteForContestEntry(ctx, input);
  }
}
