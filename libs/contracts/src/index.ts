export * from './event';
export * from './events';
export * from './ids';
export * from './routes';
export * from './reputation-events';
export * from './rights';
export * from './identity-events';
