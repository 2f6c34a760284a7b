import { decimalsOf, type Currency } from './currency';
import { money, type Money } from './money';

const decimal = /^(-?)(\d+)(?:\.(\d+))?$/;

/** No real amount is longer; what is would only cost time. */
const maxLength = 40;

/**
 * Reads `12.34` exactly: digits, at most one point, a minus for negative. Null for anything else, which
 * includes more decimals than the currency has (`1.005` CNY), signs (`+1`), grouping, exponents, blanks.
 * Fewer decimals are fine: `12` and `12.3` are 1200 and 1230 fen.
 */
export const parseMoney = (text: string, currency: Currency): Money | null => {
  const match = text.length > maxLength ? null : decimal.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  const digits = decimalsOf(currency);
  if (fraction.length > digits) return null;
  const size = BigInt(whole + fraction.padEnd(digits, '0'));
  return money(sign === '-' ? -size : size, currency);
};

/** `12.34`, with exactly the currency's decimals; the inverse of `parseMoney`. Not localised. */
export const formatDecimal = ({ amountMinor, currency }: Money): string => {
  const digits = decimalsOf(currency);
  const sign = amountMinor < 0n ? '-' : '';
  const size = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(digits + 1, '0');
  const point = size.length - digits;
  return digits === 0 ? sign + size : `${sign}${size.slice(0, point)}.${size.slice(point)}`;
};

/** `12.34 CNY`: for logs, receipts in plain text and messages to operators. */
export const formatMoney = (amount: Money): string => `${formatDecimal(amount)} ${amount.currency}`;

const integer = /^-?\d+$/;

/** Reads whole minor units (`1234`), the form in which the graph carries amounts. Null for anything else. */
export const parseMinorUnits = (text: string, currency: Currency): Money | null =>
  text.length <= maxLength && integer.test(text) ? money(BigInt(text), currency) : null;
