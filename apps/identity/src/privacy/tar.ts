import { gzipSync } from 'node:zlib';

/** A file of an archive. */
export interface ArchivedFile {
  /** At most 100 bytes of ASCII. */
  readonly name: string;
  readonly content: Buffer;
}

const block = 512;

/** A tar archive (POSIX ustar), gzipped: every system can open one, and it can be written without a library. */
export const tarGz = (files: readonly ArchivedFile[], at: Date): Buffer => {
  const parts = files.flatMap(({ name, content }) => [
    header({ name, size: content.length, at }),
    content,
    Buffer.alloc((block - (content.length % block)) % block),
  ]);
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * block)]));
};

const header = ({ name, size, at }: { name: string; size: number; at: Date }): Buffer => {
  if (Buffer.byteLength(name) > 100) throw new Error(`the name ${name} is too long for an archive`);
  const bytes = Buffer.alloc(block);
  const octal = (value: number, length: number): string =>
    `${value.toString(8).padStart(length - 1, '0')}\0`;
  bytes.write(name, 0);
  bytes.write(octal(0o600, 8), 100);
  bytes.write(octal(0, 8), 108);
  bytes.write(octal(0, 8), 116);
  bytes.write(octal(size, 12), 124);
  bytes.write(octal(Math.floor(at.getTime() / 1000), 12), 136);
  bytes.write('        ', 148); // the checksum counts itself as blanks
  bytes.write('0', 156);
  bytes.write('ustar\u000000', 257);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return bytes;
};
