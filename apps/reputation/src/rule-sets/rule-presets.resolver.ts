import { Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { presets, type RuleSetDefinition } from '../rules';

@ObjectType({ description: 'A number that a community chooses when it takes a rule preset.' })
export class RuleParameter {
  @Field(() => String) name!: string;
  @Field(() => Int) default!: number;
  @Field(() => String) description!: string;
}

@ObjectType({ description: 'Incentive rules that a community can start with, in full.' })
export class PresetRules {
  @Field(() => String) name!: string;
  @Field(() => String) description!: string;
  @Field(() => [RuleParameter]) parameters!: readonly RuleParameter[];
}

@Resolver()
export class RulePresetsResolver {
  @Query(() => [PresetRules], { description: 'The rules that a community can start with.' })
  rulePresets(): PresetRules[] {
    return presets.map(toPreset);
  }
}

const toPreset = ({ name, description, parameters }: RuleSetDefinition): PresetRules => ({
  name,
  description,
  parameters: Object.entries(parameters).map(([parameter, told]) => ({ name: parameter, ...told })),
});
