import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

const flags = { userPresent: 0x01, userVerified: 0x04, hasKey: 0x40 };

export interface Manner {
  readonly origin: string;
  readonly rpId?: string;
  readonly isVerified?: boolean;
  readonly counter?: number;
  /** Sign with another key than the one that was registered. */
  readonly key?: KeyObject;
}

/** A key that lives in a test: what a browser and a security key do together. */
export const authenticator = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credentialId = randomBytes(32);
  const id = credentialId.toString('base64url');

  const clientData = (type: string, options: string, { origin }: Manner): Buffer => {
    const { challenge } = JSON.parse(options) as { challenge: string };
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  };
  const authData = (manner: Manner, extra: Buffer): Buffer => {
    const { rpId = new URL(manner.origin).hostname, isVerified = true, counter = 0 } = manner;
    const flag =
      flags.userPresent |
      (isVerified ? flags.userVerified : 0) |
      (extra.length > 0 ? flags.hasKey : 0);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([hash(Buffer.from(rpId)), Buffer.from([flag]), count, extra]);
  };
  const answer = (response: Record<string, string>): string =>
    JSON.stringify({ id, rawId: id, type: 'public-key', clientExtensionResults: {}, response });

  return {
    id,
    create: (options: string, manner: Manner): string => {
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
      const cose = cbor(
        new Map<number, number | Buffer>([
          [1, 2], // elliptic curve
          [3, -7], // ES256
          [-1, 1], // P-256
          [-2, Buffer.from(x, 'base64url')],
          [-3, Buffer.from(y, 'base64url')],
        ]),
      );
      const length = Buffer.alloc(2);
      length.writeUInt16BE(credentialId.length);
      const attested = Buffer.concat([Buffer.alloc(16), length, credentialId, cose]);
      const attestation = new Map<string, Cbor>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData(manner, attested)],
      ]);
      return answer({
        clientDataJSON: clientData('webauthn.create', options, manner).toString('base64url'),
        attestationObject: cbor(attestation).toString('base64url'),
      });
    },
    get: (options: string, manner: Manner): string => {
      const client = clientData('webauthn.get', options, manner);
      const data = authData(manner, Buffer.alloc(0));
      const signature = sign(
        'sha256',
        Buffer.concat([data, hash(client)]),
        manner.key ?? privateKey,
      );
      return answer({
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: signature.toString('base64url'),
      });
    },
  };
};

const hash = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

type Cbor = number | string | Buffer | Map<string | number, Cbor> | Map<number, number | Buffer>;

/** As much of CBOR as a passkey needs. */
const cbor = (value: Cbor): Buffer => {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  const entries = [...value].flatMap(([key, item]) => [cbor(key), cbor(item)]);
  return Buffer.concat([head(5, value.size), ...entries]);
};

const head = (major: number, size: number): Buffer => {
  if (size < 24) return Buffer.from([(major << 5) | size]);
  if (size < 256) return Buffer.from([(major << 5) | 24, size]);
  return Buffer.from([(major << 5) | 25, size >> 8, size & 0xff]);
};
