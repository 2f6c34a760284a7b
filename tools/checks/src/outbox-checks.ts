import { databaseNames, sqlCheck, type Check, type DatabaseName } from './check';

const maxAge = '60 seconds';

const checksOf = (name: DatabaseName): readonly Check[] => [
  sqlCheck({
    name: `${name}.outbox-is-young`,
    in: name,
    says: `What happened has taken effect everywhere within ${maxAge}.`,
    of: 'outbox',
    broken: `
      SELECT 'outbox ' || id || ' event ' || event_id AS "row", format('%s to %s waits since %s, sent %s times', type, destination,
        to_char(created_at, 'YYYY-MM-DD HH24:MI:SS'), dispatches) AS problem
      FROM outbox WHERE created_at < now() - interval '${maxAge}'`,
  }),
  sqlCheck({
    name: `${name}.no-dead-letters`,
    in: name,
    says: 'No event was given up on.',
    of: 'inbox',
    broken: `
      SELECT 'dead_letter ' || consumer || ' ' || event_id AS "row",
        (envelope->>'type') || ': ' || split_part(error, E'\\n', 1) AS problem
      FROM dead_letter`,
  }),
];

/** Every subgraph tells and hears in the same way. */
export const outboxChecks: readonly Check[] = databaseNames.flatMap(checksOf);
