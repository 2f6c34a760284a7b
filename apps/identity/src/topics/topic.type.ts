import { badInput } from '@lyceum/platform';
import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ description: 'What communities are about. `music/guitar` is below `music`.' })
export class Topic {
  @Field(() => ID) id!: string;
  @Field(() => String, {
    description: 'One to three names out of a-z, 0-9 and "-", with "/" between.',
  })
  path!: string;
}

const pattern = /^[a-z0-9-]{2,40}(?:\/[a-z0-9-]{2,40}){0,2}$/;

export const parseTopicPath = (field: string, text: string): string => {
  const path = text.trim().toLowerCase();
  if (pattern.test(path)) return path;
  throw badInput(`"${field}" must be a path such as "music/guitar".`, { field });
};
