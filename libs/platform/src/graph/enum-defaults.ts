import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLSchema,
} from 'graphql';

/**
 * Gives enum defaults the values that resolvers expect. A schema made of SDL computes its defaults before
 * it learns what its enum values stand for, so an omitted `= ONE_OFF` would arrive as the name `ONE_OFF`
 * and not as its value, `one-off`. Changes the schema in place and returns it.
 */
export const withEnumDefaults = (schema: GraphQLSchema): GraphQLSchema => {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type)) Object.values(type.getFields()).forEach(correctDefault);
    if (isObjectType(type)) {
      for (const field of Object.values(type.getFields())) field.args.forEach(correctDefault);
    }
  }
  return schema;
};

const correctDefault = (input: GraphQLArgument | GraphQLInputField): void => {
  const type = getNamedType(input.type);
  if (!isEnumType(type)) return;
  const toValue = (name: unknown): unknown =>
    typeof name === 'string' ? (type.getValue(name)?.value ?? name) : name;
  input.defaultValue = Array.isArray(input.defaultValue)
    ? input.defaultValue.map(toValue)
    : toValue(input.defaultValue);
};
