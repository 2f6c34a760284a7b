import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum ConsentPurpose {
  ANALYTICS = 'analytics',
  PERSONALISATION = 'personalisation',
  PROFILING = 'profiling',
  MARKETING = 'marketing',
  CROSS_BORDER = 'cross-border',
}
registerEnumType(ConsentPurpose, {
  name: 'ConsentPurpose',
  description:
    'What data about a person may be used for, each by itself. Nothing is agreed to unasked.',
  valuesConfig: {
    ANALYTICS: { description: 'Counting what one looks at, beyond what the service needs.' },
    PERSONALISATION: { description: 'Choosing what one is shown.' },
    PROFILING: { description: 'Portraits and segments that operators see.' },
    MARKETING: { description: 'Offers and news by mail.' },
    CROSS_BORDER: { description: 'Processing outside of the own country.' },
  },
});

@ObjectType({ description: 'That a person agreed to a purpose, or no longer does.' })
export class Consent {
  @Field(() => ConsentPurpose) purpose!: ConsentPurpose;
  @Field(() => Boolean) isGiven!: boolean;
  @Field(() => Date) decidedAt!: Date;
  @Field(() => Int, { description: 'Counts the decisions on the purpose.' }) version!: number;
}
