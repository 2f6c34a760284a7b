import type { Deps } from '@lyceum/platform';
import type { DataSource, EntityManager } from 'typeorm';
import type { Fulfilment } from './orders/fulfilment';
import type { PaymentProvider } from './providers/provider';

/** What payments needs besides `Deps`; one for each app. */
export interface Kit {
  /** In the order in which they are offered; the first is the default. */
  readonly providers: ReadonlyMap<string, PaymentProvider>;
  /** What becomes of a paid order's lines, by their purpose. */
  readonly fulfilments: Readonly<Record<string, Fulfilment>>;
  /** The platform's own address, without a slash at its end; null where links are relative to it. */
  readonly publicUrl: string | null;
}

// Found through the database connection, which a transaction has as well as a request.
const kits = new WeakMap<DataSource, Kit>();

export const openKit = (deps: Pick<Deps, 'dataSource'>, kit: Kit): void => {
  kits.set(deps.dataSource, kit);
};

export const kitOf = ({ db }: { readonly db: EntityManager }): Kit => {
  const kit = kits.get(db.dataSource);
  if (kit === undefined) throw new Error('createApp has not been called with these deps');
  return kit;
};
