/** The `code` of a system, zlib or SQL error, or ''. By shape: such errors may come from another realm. */
export const errorCode = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
