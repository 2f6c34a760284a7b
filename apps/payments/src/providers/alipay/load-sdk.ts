import { Socket } from 'node:net';
import type * as Alipay from 'alipay-sdk';

/**
 * Alipay's SDK, loaded when it is first used. Its HTTP client (urllib) replaces `Socket.prototype.destroy` as it loads, and
 * then throws when somebody ends several sockets with one error, as undici does to close a pool: that is undone.
 */
export const loadAlipaySdk = (): typeof Alipay => {
  const descriptor = Object.getOwnPropertyDescriptor(Socket.prototype, 'destroy');
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- `import()` would make this a promise
    return require('alipay-sdk') as typeof Alipay;
  } finally {
    if (descriptor === undefined) Reflect.deleteProperty(Socket.prototype, 'destroy');
    else Object.defineProperty(Socket.prototype, 'destroy', descriptor);
  }
};
