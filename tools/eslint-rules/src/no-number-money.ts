import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import { createRule } from './create-rule';

/**
 * Nothing named for money (`amount…`, `price…`, `…Amount`, `…Price`) is a `number`.
 *
 * A double holds no cents: 0.1 + 0.2 is not 0.3, and above 2^53 not even whole numbers are safe. Money is
 * `Money` of @lyceum/money, minor units are `bigint`. Points and counts are no money, and have names of
 * their own. Looks at what is written: parameters, properties, variables, and type-graphql's `Int` and
 * `Float` on a field, since those are numbers on the wire as well.
 */
export const noNumberMoney = createRule<[], 'numberMoney' | 'numberField'>({
  name: 'no-number-money',
  meta: {
    type: 'problem',
    docs: {
      description: 'forbid the type number, and Int and Float fields, for amounts and prices',
    },
    messages: {
      numberMoney:
        '{{name}} is typed number, which loses cents. Use Money or bigint minor units (@lyceum/money); if it is no money, name it for what it is (points, count).',
      numberField:
        '{{name}} is a number on the wire. Use the graph type Money, which carries minor units as a string.',
    },
    schema: [],
    defaultOptions: [],
  },
  create(context) {
    const checkType = (node: TSESTree.Node, name: string, type?: TSESTree.TypeNode): void => {
      if (isMoneyName(name) && type !== undefined && mentionsNumber(type)) {
        context.report({ node, messageId: 'numberMoney', data: { name } });
      }
    };
    return {
      'TSPropertySignature, PropertyDefinition'(
        node: TSESTree.TSPropertySignature | TSESTree.PropertyDefinition,
      ) {
        if (node.key.type !== AST_NODE_TYPES.Identifier) return;
        const { name } = node.key;
        checkType(node.key, name, node.typeAnnotation?.typeAnnotation);
        if (isMoneyName(name) && 'decorators' in node && node.decorators.some(isNumberField)) {
          context.report({ node: node.key, messageId: 'numberField', data: { name } });
        }
      },
      Identifier(node) {
        checkType(node, node.name, node.typeAnnotation?.typeAnnotation);
      },
    };
  },
});

const isMoneyName = (name: string): boolean =>
  /^(amount|price)s?(?![a-z])|(Amount|Price)(s|Minor)?$/.test(name);

/** `number`, also in a union (`number | null`) or a list (`number[]`). */
const mentionsNumber = (type: TSESTree.TypeNode): boolean => {
  switch (type.type) {
    case AST_NODE_TYPES.TSNumberKeyword:
      return true;
    case AST_NODE_TYPES.TSUnionType:
      return type.types.some(mentionsNumber);
    case AST_NODE_TYPES.TSArrayType:
      return mentionsNumber(type.elementType);
    case AST_NODE_TYPES.TSTypeOperator:
      return type.typeAnnotation !== undefined && mentionsNumber(type.typeAnnotation);
    default:
      return false;
  }
};

/** `@Field(() => Int)` and `@Field(() => Float)`. */
const isNumberField = ({ expression }: TSESTree.Decorator): boolean => {
  if (expression.type !== AST_NODE_TYPES.CallExpression) return false;
  const [type] = expression.arguments;
  return (
    type?.type === AST_NODE_TYPES.ArrowFunctionExpression &&
    type.body.type === AST_NODE_TYPES.Identifier &&
    ['Int', 'Float', 'Number'].includes(type.body.name)
  );
};
