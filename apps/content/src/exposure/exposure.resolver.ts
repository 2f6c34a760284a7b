import { connectionType, load, PageArgs, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  createUnionType,
  Ctx as Context,
  Field,
  FieldResolver,
  Mutation,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { Article } from '../articles/article.entity';
import { articlesById } from '../articles/article.queries';
import { Community } from '../communities/community.type';
import { isVisible } from '../communities/standing';
import { noRows } from '../lists/no-rows';
import { Question } from '../questions/question.entity';
import { questionsById } from '../questions/question.queries';
import { chooseExposure, ChooseExposureInput, ChooseExposureResult } from './exposure-choice';
import {
  configureExposure,
  ConfigureExposureInput,
  ConfigureExposureResult,
  ExposureTerms,
  exposureTerms,
} from './exposure-terms';
import { recommended, type Place } from './recommended';

const reasons = { RANKED: 'ranked', NEWCOMER: 'newcomer', UNEXPOSED: 'unexposed' } as const;
registerEnumType(reasons, {
  name: 'RecommendedBecause',
  description: 'Why a post has a place.',
  valuesConfig: {
    RANKED: { description: 'By votes and answers, its age, and what its author is known for.' },
    NEWCOMER: { description: 'Its author is new here: some places are kept for newcomers.' },
    UNEXPOSED: { description: 'Hardly anybody has seen it: some places are kept for that.' },
  },
});

const sentences: Record<Place['because'], string> = {
  ranked: 'Much liked and answered for its age',
  newcomer: 'By somebody who is new here',
  unexposed: 'Hardly anybody has seen it yet',
};

export const RecommendedPost = createUnionType({
  name: 'RecommendedPost',
  types: () => [Question, Article] as const,
});

@ObjectType({ description: 'A place in the list of a community.' })
export class RecommendedPlace {
  @Field(() => reasons) because!: Place['because'];

  @Field(() => String, { description: 'Why it is here, in a sentence.' })
  why(): string {
    return sentences[this.because];
  }

  id!: string;
  type!: Place['type'];
}

export const RecommendedConnection = connectionType('RecommendedPlace', () => RecommendedPlace);

@Resolver(() => RecommendedPlace)
export class RecommendedPlaceResolver {
  @FieldResolver(() => RecommendedPost, {
    nullable: true,
    description: 'Null for what may not be seen any more.',
  })
  post(@Root() { id, type }: RecommendedPlace, @Context() ctx: Ctx) {
    return type === 'question' ? load(ctx, questionsById, id) : load(ctx, articlesById, id);
  }
}

@Resolver(() => Community)
export class ExposureResolver {
  @FieldResolver(() => RecommendedConnection, {
    nullable: true,
    description:
      'Questions and articles for the caller, of this hour: most by rank, some places kept for newcomers. The same all day but for what is new.',
  })
  async recommended(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ) {
    if (!(await isVisible(ctx, id))) return noRows;
    const { edges, pageInfo } = await recommended(ctx, id, page);
    return {
      pageInfo,
      edges: edges.map(({ cursor, node }) => ({
        cursor,
        node: Object.assign(new RecommendedPlace(), node),
      })),
    };
  }

  @FieldResolver(() => ExposureTerms, { nullable: true })
  async exposureTerms(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
  ): Promise<ExposureTerms | null> {
    return (await isVisible(ctx, id)) ? exposureTerms(ctx.db, id) : null;
  }

  @Authorized()
  @Mutation(() => ConfigureExposureResult, {
    nullable: true,
    description: 'How the places in `recommended` are given; by owners and admins.',
  })
  configureExposure(
    @Context() ctx: Ctx,
    @Arg('input', () => ConfigureExposureInput) input: ConfigureExposureInput,
  ) {
    return configureExposure(ctx, input);
  }

  @Authorized()
  @Mutation(() => ChooseExposureResult, {
    nullable: true,
    description: 'Whether posts of the caller may be recommended, and newcomers to the caller.',
  })
  chooseExposure(
    @Context() ctx: Ctx,
    @Arg('input', () => ChooseExposureInput) input: ChooseExposureInput,
  ) {
    return chooseExposure(ctx, input);
  }
}
