import {
  createDecipheriv,
  createSign,
  createVerify,
  randomBytes,
  X509Certificate,
  createPublicKey,
  type KeyObject,
} from 'node:crypto';

/** The key of a PEM text: a public key, or the one in a certificate. */
export const publicKeyOf = (pem: string): KeyObject =>
  pem.includes('BEGIN CERTIFICATE') ? new X509Certificate(pem).publicKey : createPublicKey(pem);

/** RSA-SHA256 over the text, in base64. */
export const signRsa = (privateKey: string, text: string): string =>
  createSign('RSA-SHA256').update(text).sign(privateKey, 'base64');

/** Never throws: what is no signature is no good one. */
export const isRsaSigned = (key: KeyObject, text: string, signature: string): boolean => {
  try {
    return createVerify('RSA-SHA256').update(text).verify(key, signature, 'base64');
  } catch {
    return false;
  }
};

/** What WeChat Pay signs of its answers and notifications. */
export const signedText = (timestamp: string, nonce: string, body: string): string =>
  `${timestamp}\n${nonce}\n${body}\n`;

export interface Sealed {
  readonly ciphertext: string;
  readonly nonce: string;
  readonly associated_data?: string | undefined;
}

const tagBytes = 16;

/** AEAD_AES_256_GCM as notifications have it; throws for another key, nonce or associated data. */
export const unseal = (apiV3Key: string, sealed: Sealed): string => {
  const key = Buffer.from(apiV3Key);
  const bytes = Buffer.from(sealed.ciphertext, 'base64');
  const decipher = createDecipheriv(
    key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm',
    key,
    Buffer.from(sealed.nonce),
    { authTagLength: tagBytes },
  );
  decipher.setAAD(Buffer.from(sealed.associated_data ?? ''));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString(
    'utf8',
  );
};

export interface Merchant {
  readonly merchantId: string;
  readonly serial: string;
  /** PEM. */
  readonly privateKey: string;
}

/** The `Authorization` of a request to the API. */
export const authorization = (
  { merchantId, serial, privateKey }: Merchant,
  request: {
    readonly method: string;
    readonly path: string;
    readonly body: string;
    readonly now: Date;
  },
): string => {
  const timestamp = String(Math.floor(request.now.getTime() / 1000));
  const nonce = randomBytes(16).toString('hex').toUpperCase();
  const text = `${request.method}\n${request.path}\n${timestamp}\n${nonce}\n${request.body}\n`;
  const signature = signRsa(privateKey, text);
  return `WECHATPAY2-SHA256-RSA2048 mchid="${merchantId}",nonce_str="${nonce}",timestamp="${timestamp}",serial_no="${serial}",signature="${signature}"`;
};
