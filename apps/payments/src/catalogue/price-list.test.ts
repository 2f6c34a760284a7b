import { InvalidPrices } from './catalogue.errors';
import { isSamePriceList, parsePriceList, type Offer, type PriceInput } from './price-list';
import { BillingInterval, ProductKind } from './product-kind';
import { aPrice } from './product.factory';

const monthly = { interval: BillingInterval.MONTH };
const offersOf = (prices: readonly PriceInput[]) =>
  parsePriceList(ProductKind.MEMBERSHIP, prices) as readonly Offer[];

describe('a price list', () => {
  it.each([
    ['negative', aPrice('-1')],
    ['a decimal', aPrice('1.5')],
    ['no number', aPrice('free')],
    ['an exponent', aPrice('1e3')],
    ['empty', aPrice('')],
    ['above the limit', aPrice('1000000000001')],
    ['far above the limit', aPrice('9'.repeat(40))],
    ['in no currency', aPrice('1', { currency: 'XYZ' })],
    ['in lower case', aPrice('1', { currency: 'cny' })],
    ['in a currency called like a method', aPrice('1', { currency: 'constructor' })],
  ])('refuses an amount that is %s', (_, price) => {
    expect(parsePriceList(ProductKind.COURSE, [price])).toMatchObject({
      code: 'INVALID_PRICES',
      index: 0,
    });
  });

  it('refuses no prices, too many, and two for the same', () => {
    expect(parsePriceList(ProductKind.COURSE, [])).toBeInstanceOf(InvalidPrices);
    expect(
      parsePriceList(
        ProductKind.COURSE,
        Array.from({ length: 51 }, () => aPrice()),
      ),
    ).toMatchObject({
      index: null,
    });
    expect(parsePriceList(ProductKind.COURSE, [aPrice('1'), aPrice('2')])).toMatchObject({
      index: 1,
    });
  });

  it('lets a membership recur, and a course not', () => {
    expect(parsePriceList(ProductKind.MEMBERSHIP, [aPrice('1', monthly)])).toMatchObject([monthly]);
    expect(parsePriceList(ProductKind.COURSE, [aPrice('1', monthly)])).toBeInstanceOf(
      InvalidPrices,
    );
  });

  it('is the same in another order, and not with another amount, currency or interval', () => {
    const list = offersOf([aPrice('1'), aPrice('2', monthly)]);
    expect(isSamePriceList(list, offersOf([aPrice('2', monthly), aPrice('1')]))).toBe(true);
    for (const other of [
      [aPrice('1')],
      [aPrice('1'), aPrice('3', monthly)],
      [aPrice('1'), aPrice('2', { ...monthly, currency: 'EUR' })],
      [aPrice('1'), aPrice('2', { interval: BillingInterval.YEAR })],
    ]) {
      expect(isSamePriceList(list, offersOf(other))).toBe(false);
    }
  });
});
