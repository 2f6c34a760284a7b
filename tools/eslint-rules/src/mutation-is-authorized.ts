import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import openMutations from '../open-mutations.json';
import { createRule } from './create-rule';

/**
 * Every type-graphql `@Mutation` says `@Authorized()`, or is on the reviewed list `open-mutations.json`.
 *
 * Forgetting the decorator is silent: the mutation works, for everybody. So the default is reversed here,
 * and what strangers may call is one file to read. A mutation with both the decorator and an entry is
 * reported too, because a list that says more than is true is not read for long.
 */
export const mutationIsAuthorized = createRule<
  [{ open?: Readonly<Record<string, string>> }],
  'unauthorized' | 'listed'
>({
  name: 'mutation-is-authorized',
  meta: {
    type: 'problem',
    docs: { description: 'require @Authorized() on every mutation that is not on the open list' },
    messages: {
      unauthorized:
        'Anyone could call {{name}}. Write @Authorized() above @Mutation, or give the reason why strangers may call it in tools/eslint-rules/open-mutations.json.',
      listed:
        '{{name}} has @Authorized() and is on the open list too. Take it out of tools/eslint-rules/open-mutations.json.',
    },
    schema: [
      {
        type: 'object',
        properties: { open: { type: 'object', additionalProperties: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{}],
  },
  create(context, [{ open = openMutations }]) {
    return {
      MethodDefinition(method) {
        const mutation = decoratorNamed(method, 'Mutation');
        if (mutation === undefined) return;
        const name = mutationName(method, mutation);
        const isOpen = Object.hasOwn(open, name);
        const isAuthorized = decoratorNamed(method, 'Authorized') !== undefined;
        if (isOpen === isAuthorized) {
          const messageId = isAuthorized ? 'listed' : 'unauthorized';
          context.report({ node: method.key, messageId, data: { name } });
        }
      },
    };
  },
});

const decoratorNamed = (
  method: TSESTree.MethodDefinition,
  name: string,
): TSESTree.Decorator | undefined =>
  method.decorators.find(({ expression }) => {
    const callee =
      expression.type === AST_NODE_TYPES.CallExpression ? expression.callee : expression;
    return callee.type === AST_NODE_TYPES.Identifier && callee.name === name;
  });

/** The name in the schema: `@Mutation(() => T, { name: 'x' })`, else the method's. */
const mutationName = (method: TSESTree.MethodDefinition, mutation: TSESTree.Decorator): string => {
  const { expression } = mutation;
  const options =
    expression.type === AST_NODE_TYPES.CallExpression ? expression.arguments.at(-1) : undefined;
  if (options?.type === AST_NODE_TYPES.ObjectExpression) {
    for (const property of options.properties) {
      if (property.type !== AST_NODE_TYPES.Property) continue;
      const isName =
        property.key.type === AST_NODE_TYPES.Identifier && property.key.name === 'name';
      if (isName && property.value.type === AST_NODE_TYPES.Literal)
        return String(property.value.value);
    }
  }
  return method.key.type === AST_NODE_TYPES.Identifier ? method.key.name : '';
};
