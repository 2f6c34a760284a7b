import { load, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Authorized,
  Ctx as Context,
  FieldResolver,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { Question } from '../questions/question.entity';
import {
  favouriteQuestion,
  FavouriteQuestionInput,
  FavouriteQuestionResult,
} from './favourite-question';
import { viewerFavourites } from './favourite.queries';

@Resolver(() => Question)
export class FavouriteResolver {
  @FieldResolver(() => Boolean, { description: 'Whether the viewer follows it.' })
  async isViewerFavourite(@Root() { id }: Question, @Context() ctx: Ctx) {
    return (await load(ctx, viewerFavourites, id)) ?? false;
  }

  @Authorized()
  @Mutation(() => FavouriteQuestionResult, { nullable: true })
  favouriteQuestion(
    @Context() ctx: Ctx,
    @Arg('input', () => FavouriteQuestionInput) input: FavouriteQuestionInput,
  ) {
    return favouriteQuestion(ctx, input);
  }
}
