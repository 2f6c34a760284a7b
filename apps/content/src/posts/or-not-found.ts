import { notFound } from '@lyceum/platform';

/** Root queries say it when there is nothing by the id, and are null then. */
export const orNotFound = <T>(found: T | null, noun: string): T => {
  if (found === null) throw notFound(`There is no such ${noun}, or it is in a private community.`);
  return found;
};
