import { InvalidRow } from './dump-error';
import type { Attributes } from './xml-rows';

/*
 * Readers of one attribute each. They check by hand rather than by schema: a dump has tens of millions of rows.
 */

const largestId = 2 ** 31 - 1;

export const text = (row: Attributes, name: string): string => {
  const value = row[name];
  if (value === undefined) throw new InvalidRow(`attribute ${name} is missing`);
  return clean(value);
};

export const optionalText = (row: Attributes, name: string): string | null => {
  const value = row[name];
  return value === undefined ? null : clean(value);
};

export const integer = (row: Attributes, name: string): number => {
  const value = row[name];
  if (value === undefined) throw new InvalidRow(`attribute ${name} is missing`);
  if (!/^-?\d{1,10}$/.test(value))
    throw new InvalidRow(`attribute ${name} is not a whole number: ${shown(value)}`);
  const number = Number(value);
  if (Math.abs(number) > largestId)
    throw new InvalidRow(`attribute ${name} is out of range: ${shown(value)}`);
  return number;
};

export const optionalInteger = (row: Attributes, name: string): number | null =>
  row[name] === undefined || row[name] === '' ? null : integer(row, name);

/** A positive id; people also have -1, the site itself. */
export const rowId = (row: Attributes, name: string): number => {
  const id = integer(row, name);
  if (id < 1) throw new InvalidRow(`attribute ${name} is not a row's id: ${id}`);
  return id;
};

export const optionalRowId = (row: Attributes, name: string): number | null =>
  row[name] === undefined || row[name] === '' ? null : rowId(row, name);

/** Dumps write UTC without saying so: `2016-08-02T15:39:14.947`. Returned as `2016-08-02T15:39:14.947Z`. */
export const instant = (row: Attributes, name: string): string => {
  const value = row[name];
  if (value === undefined) throw new InvalidRow(`attribute ${name} is missing`);
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,7})?Z?$/.exec(value);
  if (!parts || !isCalendarTime(parts))
    throw new InvalidRow(`attribute ${name} is not a date: ${shown(value)}`);
  return `${value.slice(0, 19)}${(parts[7] ?? '.').padEnd(4, '0').slice(0, 4)}Z`;
};

export const optionalInstant = (row: Attributes, name: string): string | null =>
  row[name] === undefined || row[name] === '' ? null : instant(row, name);

const isCalendarTime = (parts: readonly string[]): boolean => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map(Number);
  if (year < 1970 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59)
    return false;
  return day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
};

/** Tab and line ends are text; the other control characters are accidents and mean nothing anywhere. */

const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;
const clean = (value: string): string => value.replace(controls, '');

const shown = (value: string): string =>
  JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
