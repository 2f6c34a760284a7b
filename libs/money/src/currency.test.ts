import { currencies, decimalsOf, isCurrency, parseCurrency, type Currency } from './currency';

describe('currencies', () => {
  it.each([
    ['JPY', 0],
    ['KRW', 0],
    ['VND', 0],
    ['CNY', 2],
    ['EUR', 2],
    ['USD', 2],
    ['KWD', 3],
    ['TND', 3],
  ])('%s has %i decimals', (code, decimals) => {
    expect(decimalsOf(code as Currency)).toBe(decimals);
  });

  it('lists each currency of circulation once, as three capital letters', () => {
    expect(currencies.length).toBeGreaterThan(150);
    expect(new Set(currencies).size).toBe(currencies.length);
    for (const code of currencies) expect(code).toMatch(/^[A-Z]{3}$/);
  });

  it('knows no lower case, no withdrawn currency, no metal, nothing from the prototype', () => {
    for (const code of ['cny', 'DEM', 'HRK', 'XAU', 'XXX', '', 'constructor', '__proto__']) {
      expect(isCurrency(code)).toBe(false);
      expect(parseCurrency(code)).toBeNull();
    }
  });

  it('refuses to invent decimals', () => {
    expect(() => decimalsOf('DEM' as Currency)).toThrow(RangeError);
  });
});
