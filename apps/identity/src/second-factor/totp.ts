import { createHmac, timingSafeEqual } from 'node:crypto';

/*
 * Time-based one-time passwords (RFC 6238) as every authenticator app has them: SHA-1, six digits, half a
 * minute. SHA-1 is no weakness in an HMAC, and apps ignore a wish for anything else.
 */

const stepMs = 30_000;
const digits = 6;

export const stepOf = (now: Date): number => Math.floor(now.getTime() / stepMs);

export const codeAt = (secret: Buffer, step: number): string => {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
};

/**
 * The step whose code this is: the present one, or one before or after it, because clocks differ. Null for a wrong
 * code, and for one of a step that was used.
 */
export const matchingStep = (
  secret: Buffer,
  code: string,
  { now, lastStep }: { readonly now: Date; readonly lastStep: number },
): number | null => {
  if (!/^\d{6}$/.test(code)) return null;
  const present = stepOf(now);
  const matches = [present - 1, present, present + 1].filter((step) =>
    timingSafeEqual(Buffer.from(codeAt(secret, step)), Buffer.from(code)),
  );
  return matches.find((step) => step > lastStep) ?? null;
};

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export const base32 = (bytes: Buffer): string => {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)] ?? '')
    .join('');
};
