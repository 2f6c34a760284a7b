const pageBits = 1 << 16;

/** A set of 32-bit ids at about one bit an id where ids are dense, as a dump's are: 230 million in 30 MB. */
export class IdSet {
  private readonly pages = new Map<number, Uint8Array>();

  /** Adds the id and says whether it is new. */
  add(id: number): boolean {
    const offset = id + 2 ** 31;
    const bit = offset % pageBits;
    const page = this.pageAt((offset - bit) / pageBits);
    const byte = bit >> 3;
    const mask = 1 << (bit & 7);
    const before = page[byte] ?? 0;
    page[byte] = before | mask;
    return (before & mask) === 0;
  }

  has(id: number): boolean {
    const offset = id + 2 ** 31;
    const bit = offset % pageBits;
    const byte = this.pages.get((offset - bit) / pageBits)?.[bit >> 3] ?? 0;
    return (byte & (1 << (bit & 7))) !== 0;
  }

  private pageAt(index: number): Uint8Array {
    const known = this.pages.get(index);
    if (known) return known;
    const page = new Uint8Array(pageBits / 8);
    this.pages.set(index, page);
    return page;
  }
}
