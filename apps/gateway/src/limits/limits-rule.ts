import {
  Kind,
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import type { Limits } from '../options';
import { limitExceeded } from './limit-error';

/** Fields an operation may have once its fragments are written out; stops fragments that double each other. */
const maxWrittenOutFields = 5_000;

/** Refuses documents whose form alone makes them expensive. Costs one walk over the document. */
export const limitsRule =
  (limits: Limits): ValidationRule =>
  (context) =>
    countingVisitor(limits, context);

const countingVisitor = (limits: Limits, context: ValidationContext): ASTVisitor => {
  let aliases = 0;
  let directives = 0;
  const exceeds = (what: string, limit: number): void =>
    context.reportError(limitExceeded(`The operation has more than ${String(limit)} ${what}.`));
  return {
    Document: (document) => {
      const measure = measureIn(document);
      for (const definition of document.definitions) {
        if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
        const { depth, fields, topFields } = measure(definition.selectionSet);
        if (depth > limits.maxDepth) exceeds('levels of fields', limits.maxDepth);
        if (fields > maxWrittenOutFields) exceeds('fields', maxWrittenOutFields);
        if (topFields > limits.maxRootFields) exceeds('fields at its root', limits.maxRootFields);
      }
    },
    Field: ({ alias }) => {
      if (alias && (aliases += 1) === limits.maxAliases + 1) exceeds('aliases', limits.maxAliases);
    },
    Directive: () => {
      if ((directives += 1) === limits.maxDirectives + 1)
        exceeds('directives', limits.maxDirectives);
    },
    SelectionSet: (set) => {
      if (hasRepeats(set, limits.maxRepeats))
        exceeds('repetitions of one field', limits.maxRepeats);
    },
  };
};

const hasRepeats = (set: SelectionSetNode, maxRepeats: number): boolean => {
  if (set.selections.length <= maxRepeats) return false;
  const counts = new Map<string, number>();
  for (const selection of set.selections) {
    const key =
      selection.kind === Kind.FIELD
        ? (selection.alias ?? selection.name).value
        : `...${selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : ''}`;
    const count = (counts.get(key) ?? 0) + 1;
    if (count > maxRepeats) return true;
    counts.set(key, count);
  }
  return false;
};

interface Extent {
  readonly depth: number;
  readonly fields: number;
  readonly topFields: number;
}

const nothing: Extent = { depth: 0, fields: 0, topFields: 0 };

/** Measures selection sets with fragments written out, looking at each fragment once. */
const measureIn = (document: DocumentNode): ((set: SelectionSetNode) => Extent) => {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition);
  }
  const measured = new Map<string, Extent>();

  const measureFragment = (name: string): Extent => {
    const known = measured.get(name);
    if (known !== undefined) return known;
    measured.set(name, nothing); // a fragment within itself: another rule refuses it
    const fragment = fragments.get(name);
    const extent = fragment === undefined ? nothing : measure(fragment.selectionSet);
    measured.set(name, extent);
    return extent;
  };

  const measure = (set: SelectionSetNode): Extent => {
    let { depth, fields, topFields } = nothing;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const below =
          isMeasured(selection.name.value) && selection.selectionSet
            ? measure(selection.selectionSet)
            : nothing;
        depth = Math.max(depth, 1 + below.depth);
        fields += 1 + below.fields;
        topFields += 1;
        continue;
      }
      const part =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? measureFragment(selection.name.value)
          : measure(selection.selectionSet);
      depth = Math.max(depth, part.depth);
      fields += part.fields;
      topFields += part.topFields;
    }
    return { depth, fields, topFields };
  };
  return measure;
};

/** Introspection has a depth limit of its own, in graphql-js. */
const isMeasured = (field: string): boolean => field !== '__schema' && field !== '__type';
