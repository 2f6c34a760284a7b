import type { FetchDataRewrite, QueryPlanSelectionNode } from '@apollo/query-planner';
import { applyRewrites, isObjectOfType } from '@apollo/gateway/dist/dataRewrites';
import { isObjectType, type GraphQLSchema } from 'graphql';
import { isEntity, merge, own, type Entity } from './data';

/** The entities that one `_entities` call asks for: each distinct one once. */
export interface Representations {
  /** As JSON, in the order of the call. */
  readonly json: readonly string[];
  /** For each representation, where among the fetch's entities it belongs: at least one place. */
  readonly places: readonly (readonly number[])[];
}

export type Represent = (entity: Entity) => string | undefined;

/**
 * Makes the representations of a fetch's entities. Equal ones are asked for once: a page names the same
 * author many times. The order is that of first appearance.
 */
export const representAll = (
  represent: Represent,
  entities: readonly Entity[],
): Representations => {
  const indexOf = new Map<string, number>();
  const json: string[] = [];
  const places: number[][] = [];
  entities.forEach((entity, place) => {
    const text = represent(entity);
    if (text === undefined) return;
    const index = indexOf.get(text);
    if (index !== undefined) {
      places[index]?.push(place);
      return;
    }
    indexOf.set(text, json.length);
    json.push(text);
    places.push([place]);
  });
  return { json, places };
};

interface Required {
  readonly requires: readonly QueryPlanSelectionNode[];
  readonly inputRewrites: FetchDataRewrite[] | undefined;
}

/** Compiles what a fetch requires to a function that gives an entity's representation, if it has all of it. */
export const compileRepresent = (schema: GraphQLSchema, required: Required): Represent =>
  compileFlat(schema, required) ??
  ((entity) => {
    const representation = select(schema, entity, required.requires);
    if (!isEntity(representation) || !representation['__typename']) return undefined;
    applyRewrites(schema, required.inputRewrites, representation);
    return JSON.stringify(representation);
  });

type Flat = readonly { readonly key: string; readonly prefix: string }[];

/**
 * The usual case: one fragment a type, and only plain fields in it (`__typename` and the key), so the
 * JSON is written straight from the entity. Undefined when the requirement is not of that form.
 */
const compileFlat = (schema: GraphQLSchema, required: Required): Represent | undefined => {
  if (required.inputRewrites !== undefined) return undefined;
  const byType = new Map<string, Flat>();
  for (const node of required.requires) {
    if (node.kind !== 'InlineFragment' || node.typeCondition === undefined) return undefined;
    if (!isObjectType(schema.getType(node.typeCondition))) return undefined;
    if (byType.has(node.typeCondition)) return undefined;
    const fields = flatFields(node.selections);
    if (fields === undefined) return undefined;
    byType.set(node.typeCondition, fields);
  }
  return (entity) => {
    const fields = byType.get(String(entity['__typename']));
    return fields === undefined ? undefined : writeFlat(entity, fields);
  };
};

const flatFields = (selections: readonly QueryPlanSelectionNode[]): Flat | undefined => {
  const keys = new Set<string>();
  for (const node of selections) {
    if (node.kind !== 'Field' || node.selections !== undefined) return undefined;
    keys.add(node.alias ?? node.name);
  }
  if (!keys.has('__typename')) return undefined;
  return [...keys].map((key, index) => ({
    key,
    prefix: `${index === 0 ? '{' : ','}${JSON.stringify(key)}:`,
  }));
};

const writeFlat = (entity: Entity, fields: Flat): string | undefined => {
  let text = '';
  for (const { key, prefix } of fields) {
    const value = own(entity, key);
    if (value === undefined) return undefined;
    text += prefix + JSON.stringify(value);
  }
  return `${text}}`;
};

/** The part of a value that a requirement names; null when a required field is missing. */
const select = (
  schema: GraphQLSchema,
  source: unknown,
  selections: readonly QueryPlanSelectionNode[],
): unknown => {
  if (!isEntity(source)) return source ?? null;
  const selected: Entity = {};
  for (const node of selections) {
    if (node.kind === 'InlineFragment') {
      if (node.typeCondition === undefined || !isObjectOfType(schema, source, node.typeCondition))
        continue;
      const part = select(schema, source, node.selections);
      if (isEntity(part)) merge(selected, part);
      continue;
    }
    const key = node.alias ?? node.name;
    const value = own(source, key);
    if (value === undefined) return null;
    selected[key] = selectField(schema, value, node.selections);
  }
  return selected;
};

const selectField = (
  schema: GraphQLSchema,
  value: unknown,
  selections: readonly QueryPlanSelectionNode[] | undefined,
): unknown => {
  if (selections === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => selectField(schema, item, selections));
  return select(schema, value, selections);
};
