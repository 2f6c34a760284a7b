import { createUnionType, Directive, Field, ID, ObjectType } from 'type-graphql';

/*
 * What members write belongs to another subgraph. Here it is only pointed to: the gateway fetches the rest.
 */

const pointedTo = '@key(fields: "id", resolvable: false)';

@ObjectType()
@Directive(pointedTo)
export class Question {
  @Field(() => ID) id!: string;
}

@ObjectType()
@Directive(pointedTo)
export class Answer {
  @Field(() => ID) id!: string;
}

@ObjectType()
@Directive(pointedTo)
export class Comment {
  @Field(() => ID) id!: string;
}

@ObjectType()
@Directive(pointedTo)
export class Article {
  @Field(() => ID) id!: string;
}

@ObjectType()
@Directive(pointedTo)
export class Tag {
  @Field(() => ID) id!: string;
}

const classes = new Map<string, new () => { id: string }>([
  ['question', Question],
  ['answer', Answer],
  ['comment', Comment],
  ['article', Article],
  ['tag', Tag],
]);

export const Subject = createUnionType({
  name: 'ActivitySubject',
  description: 'What an activity was about.',
  types: () => [Question, Answer, Comment, Article, Tag] as const,
});

/** Points to what an activity was about; null when it was about nothing that has a page. */
export const subjectOf = (about: {
  readonly subjectType: string | null;
  readonly subjectId: string | null;
}): typeof Subject | null => {
  const type = classes.get(about.subjectType ?? '');
  if (type === undefined || about.subjectId === null) return null;
  return Object.assign(new type(), { id: about.subjectId });
};
