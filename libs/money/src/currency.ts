/*
 * ISO 4217 (list one, as of January 2026): the currencies in circulation, by how many decimals their
 * minor unit has. Left out on purpose: funds codes and units of account (CLF, UYW, XDR …), precious
 * metals and test codes, because nobody pays with them; withdrawn currencies (HRK, ANG, BGN …).
 */
const codesByDecimals = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
      CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL
      HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT
      MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB
      SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH
      USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
} as const;

declare const brand: unique symbol;

/** An ISO 4217 code that the table above knows, such as `CNY`. Get one from `parseCurrency`. */
export type Currency = string & { readonly [brand]: 'Currency' };

const decimals: ReadonlyMap<string, number> = new Map(
  Object.entries(codesByDecimals).flatMap(([digits, codes]) =>
    codes.split(/\s+/).map((code) => [code, Number(digits)] as const),
  ),
);

/** Every currency that money can be in, in the order of their codes. */
export const currencies: readonly Currency[] = [...decimals.keys()].sort() as Currency[]; // the keys are the known codes

export const isCurrency = (code: string): code is Currency => decimals.has(code);

/** The currency of that exact code (upper case), or null when there is none. */
export const parseCurrency = (code: string): Currency | null => (isCurrency(code) ? code : null);

/** How many decimals the minor unit has: 2 for CNY (fen), 0 for JPY, 3 for KWD (fils). */
export const decimalsOf = (currency: Currency): number => {
  const digits = decimals.get(currency);
  if (digits === undefined) throw new RangeError(`${currency} is no ISO 4217 currency`);
  return digits;
};
