export * from './event';
export * from './events';
export * from './ids';
export * from './routes';
export * from './rights';
export * from './identity-events';
export * from './reputation-events';
export * from './income-events';
