import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

export interface SubgraphSdl {
  readonly name: string;
  readonly sdl: string;
}

export type Composition =
  | { readonly supergraphSdl: string; readonly hints: readonly string[] }
  | { readonly errors: readonly string[] };

/**
 * Composes subgraphs to a supergraph, offline. The addresses in it are placeholders: where subgraphs
 * answer is configuration, not schema.
 */
export const composeSupergraph = (services: readonly SubgraphSdl[]): Composition => {
  const unreadable = services.flatMap(({ name, sdl }) => syntaxError(name, sdl));
  if (unreadable.length > 0) return { errors: unreadable };
  const composed = composeServices(
    services.map(({ name, sdl }) => ({
      name,
      url: `http://${name}.subgraph.invalid`,
      typeDefs: parse(sdl),
    })),
  );
  if (composed.errors !== undefined) return { errors: composed.errors.map(describe) };
  return { supergraphSdl: composed.supergraphSdl, hints: composed.hints.map(String) };
};

const syntaxError = (name: string, sdl: string): string[] => {
  try {
    parse(sdl);
    return [];
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
  }
};

const describe = (error: {
  readonly message: string;
  readonly extensions?: Record<string, unknown>;
}): string => {
  const code = error.extensions?.['code'];
  return typeof code === 'string' ? `${code}: ${error.message}` : error.message;
};
