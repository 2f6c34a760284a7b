import type { Series } from './ask';

export type Dimension = 'tag' | 'segment';

/** A metric as clients, documents and alerts know it. */
export interface MetricDefinition {
  /** In capitals in the graph. */
  readonly name: string;
  readonly meaning: string;
  readonly formula: string;
  readonly unit:
    | 'members'
    | 'posts'
    | 'votes'
    | 'views'
    | 'events'
    | 'share'
    | 'hours'
    | 'index'
    | 'minor units';
  /** Which facts it is computed from. */
  readonly source: string;
  /** How it is kept up to date. */
  readonly refresh: string;
  /** For everybody who may see the community; else for its owners, admins and analysts. */
  readonly isPublic: boolean;
  /** By what it can be broken down, besides community and interval. */
  readonly dimensions: readonly Dimension[];
  readonly series: Series;
}
