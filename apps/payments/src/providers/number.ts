import { isId } from '@lyceum/contracts';

/** For providers whose numbers have 32 characters at most: our ids without their dashes. */
export const toNumber = (id: string): string => id.replaceAll('-', '');

/** The id that a number is; null for what is none of ours. */
export const fromNumber = (number: string): string | null => {
  const id = number.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return isId(id) ? id : null;
};
