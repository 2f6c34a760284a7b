import fc from 'fast-check';
import { decimalsOf, type Currency } from './currency';
import { formatDecimal, formatMoney, parseMinorUnits, parseMoney } from './decimal';
import { money } from './money';
import { anyMoney } from './money.arbitrary';

const code = (text: string) => text as Currency;

describe('decimal text', () => {
  it.each([
    ['12.34', 'CNY', 1234n],
    ['12.3', 'CNY', 1230n],
    ['12', 'CNY', 1200n],
    ['-0.05', 'EUR', -5n],
    ['0.00', 'USD', 0n],
    ['1000', 'JPY', 1000n],
    ['1.234', 'KWD', 1234n],
    ['007.10', 'CNY', 710n],
    ['90071992547409.93', 'USD', 9_007_199_254_740_993n],
  ])('reads %s %s as %s minor units', (text, currency, expected) => {
    expect(parseMoney(text, code(currency))).toEqual(money(expected, code(currency)));
  });

  it.each([
    '',
    ' ',
    '1.005',
    '.5',
    '5.',
    '+1',
    '1e3',
    '0x10',
    '1,000.00',
    '1_000',
    '１２',
    'NaN',
    '--1',
    '1 ',
    '9'.repeat(41),
  ])('refuses %j for CNY', (text) => {
    expect(parseMoney(text, code('CNY'))).toBeNull();
  });

  it('refuses decimals where the currency has none', () => {
    expect(parseMoney('1.0', code('JPY'))).toBeNull();
  });

  it.each([
    [5n, 'CNY', '0.05'],
    [-5n, 'CNY', '-0.05'],
    [0n, 'CNY', '0.00'],
    [1000n, 'JPY', '1000'],
    [1n, 'KWD', '0.001'],
    [-123_456n, 'KWD', '-123.456'],
  ])('writes %s %s as %s', (amountMinor, currency, expected) => {
    expect(formatDecimal(money(amountMinor, code(currency)))).toBe(expected);
  });

  it('writes the currency behind the amount', () => {
    expect(formatMoney(money(1234n, code('CNY')))).toBe('12.34 CNY');
  });

  it('reads back what it wrote, with exactly the decimals of the currency', () => {
    fc.assert(
      fc.property(anyMoney(), (amount) => {
        const text = formatDecimal(amount);
        expect(parseMoney(text, amount.currency)).toEqual(amount);
        expect(text.split('.')[1]?.length ?? 0).toBe(decimalsOf(amount.currency));
        expect(parseMinorUnits(amount.amountMinor.toString(), amount.currency)).toEqual(amount);
      }),
    );
  });

  it.each(['', '1.0', '1e3', '0x1f', ' 1', '1n', '9'.repeat(41)])(
    'refuses %j as minor units',
    (text) => {
      expect(parseMinorUnits(text, code('CNY'))).toBeNull();
    },
  );
});
