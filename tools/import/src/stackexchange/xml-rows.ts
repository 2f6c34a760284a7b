import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SaxesParser } from 'saxes';
import { errorCode } from '../error-code';
import { DumpError, InvalidRow } from './dump-error';

export type Attributes = Readonly<Record<string, string>>;

/** Rows that were read together, small enough to hold and large enough to be written at once. */
export interface RowBatch<Row> {
  readonly rows: readonly Row[];
  /** How many rows of the file end with this batch: where to go on after an interruption. */
  readonly rowNumber: number;
  /** Bytes of the file on disk read so far, for progress. */
  readonly bytesRead: number;
}

export interface ReadOptions<Row> {
  /** The name of the document's element, in lower case: `users`. */
  readonly root: string;
  /** Turns a row's attributes into what is wanted of them; throws InvalidRow when they are wrong. */
  readonly parse: (attributes: Attributes) => Row;
  /** Rows at the beginning to pass over, because they were dealt with before. */
  readonly skip?: number;
  readonly batchRows?: number;
  /** Sees the XML's bytes, decompressed, for a fingerprint. */
  readonly onBytes?: (chunk: Buffer) => void;
}

const batchText = 2 * 1024 * 1024;
/** The largest posts have some 100 kB; a row beyond this is a broken or a hostile file. */
const longestRow = 16 * 1024 * 1024;

/**
 * Streams the rows of one file of a dump, gzipped or not. Reads no faster than the batches are taken, and
 * holds one batch and one chunk of the file whatever the file's size.
 */
export async function* readRows<Row>(
  path: string,
  options: ReadOptions<Row>,
): AsyncGenerator<RowBatch<Row>> {
  const parser = new RowParser(basename(path), options);
  const input = await openBytes(path);
  try {
    for await (const chunk of input.bytes as AsyncIterable<Buffer>) {
      options.onBytes?.(chunk);
      parser.write(chunk);
      if (parser.hasBatch()) yield parser.takeBatch(input.bytesRead());
    }
  } catch (error) {
    const code = errorCode(error);
    throw code.startsWith('Z_')
      ? parser.error(`the gzip stream is damaged or cut short (${code})`)
      : error;
  } finally {
    input.bytes.destroy();
  }
  parser.close();
  yield parser.takeBatch(input.bytesRead());
}

const openBytes = async (path: string) => {
  const file = createReadStream(path, { highWaterMark: 128 * 1024 });
  const bytesRead = () => file.bytesRead;
  if (!(await isGzip(path))) return { bytes: file, bytesRead };
  // The iteration sees any error of either stream: pipeline destroys the second with the first's.
  const gunzip = pipeline(file, createGunzip({ chunkSize: 128 * 1024 }), () => undefined);
  return { bytes: gunzip, bytesRead };
};

const isGzip = async (path: string): Promise<boolean> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
};

/** Turns chunks of bytes into rows; refuses whatever an official dump has no use for. */
class RowParser<Row> {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  // XML 1.1 lets `&#x1F;` pass, which some dumps hold; NUL stays refused.
  private readonly sax = new SaxesParser({ defaultXMLVersion: '1.1', forceXMLVersion: true });
  private rows: Row[] = [];
  private textSize = 0;
  private rowNumber = 0;
  private depth = 0;
  private sinceRow = 0;

  constructor(
    private readonly file: string,
    private readonly options: ReadOptions<Row>,
  ) {
    this.sax.on('error', (error) => {
      throw this.error(
        `malformed XML (${error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '')})`,
      );
    });
    this.sax.on('xmldecl', ({ encoding }) => {
      if (encoding !== undefined && !/^utf-?8$/i.test(encoding)) {
        throw this.error(`the encoding is ${encoding}; only UTF-8 is read`);
      }
    });
    this.sax.on('doctype', () => {
      throw this.error(
        'a document type is refused: it may define entities that grow without bound',
      );
    });
    this.sax.on('opentag', ({ name, attributes }) => {
      this.openTag(name, attributes as Attributes);
    });
    this.sax.on('closetag', () => {
      this.depth -= 1;
    });
    const onText = (text: string) => {
      if (text.trim() !== '') throw this.error('text between the rows');
    };
    this.sax.on('text', onText);
    this.sax.on('cdata', onText);
  }

  write(chunk: Buffer): void {
    this.sinceRow += chunk.length;
    if (this.sinceRow > longestRow) throw this.error('a row is longer than 16 MiB');
    this.sax.write(this.decode(chunk));
  }

  close(): void {
    this.sax.write(this.decode());
    this.sax.close();
  }

  hasBatch(): boolean {
    return this.rows.length >= (this.options.batchRows ?? 1_000) || this.textSize >= batchText;
  }

  takeBatch(bytesRead: number): RowBatch<Row> {
    const batch = { rows: this.rows, rowNumber: this.rowNumber, bytesRead };
    this.rows = [];
    this.textSize = 0;
    return batch;
  }

  error(reason: string): DumpError {
    return new DumpError({ file: this.file, line: this.sax.line }, reason);
  }

  private decode(chunk?: Buffer): string {
    try {
      return chunk ? this.decoder.decode(chunk, { stream: true }) : this.decoder.decode();
    } catch {
      throw this.error('not valid UTF-8');
    }
  }

  private openTag(name: string, attributes: Attributes): void {
    this.depth += 1;
    if (this.depth === 1) {
      if (name.toLowerCase() === this.options.root) return;
      throw this.error(`the document is <${name}>, expected <${this.options.root}>`);
    }
    if (this.depth > 2 || name !== 'row') throw this.error(`unexpected element <${name}>`);
    this.sinceRow = 0;
    this.rowNumber += 1;
    if (this.rowNumber <= (this.options.skip ?? 0)) return;
    this.rows.push(this.parse(attributes));
  }

  private parse(attributes: Attributes): Row {
    for (const name in attributes) this.textSize += (attributes[name] ?? '').length;
    try {
      return this.options.parse(attributes);
    } catch (error) {
      throw error instanceof InvalidRow ? this.error(error.message) : error;
    }
  }
}
