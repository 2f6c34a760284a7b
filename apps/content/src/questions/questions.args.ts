import { PageArgs } from '@lyceum/platform';
import { ArgsType, Field } from 'type-graphql';
import { QuestionOrder } from './question.queries';

@ArgsType()
export class OrderedPageArgs extends PageArgs {
  @Field(() => QuestionOrder, { defaultValue: QuestionOrder.HOT }) orderBy!: QuestionOrder;
}

@ArgsType()
export class QuestionsArgs extends OrderedPageArgs {
  @Field(() => String, { nullable: true, description: 'Only those with this tag.' })
  tag?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only those whose title has all these words.',
  })
  search?: string | null;
}
