/** Where in a dump something is wrong. Lines count from 1 in the decompressed XML. */
export interface DumpPlace {
  readonly file: string;
  readonly line?: number;
}

/** A dump that can't be imported as it is: says which file, where in it, and why. */
export class DumpError extends Error {
  readonly place: DumpPlace;
  readonly reason: string;

  constructor(place: DumpPlace, reason: string) {
    super(`${place.file}${place.line === undefined ? '' : `:${place.line}`}: ${reason}`);
    this.name = 'DumpError';
    this.place = place;
    this.reason = reason;
  }
}

/** A row whose attributes are missing or wrong. The reader, which knows the place, makes it a DumpError. */
export class InvalidRow extends Error {}
