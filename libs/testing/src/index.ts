export * from './redis';
export * from './scopes';
export * from './shared-data';
export * from './test-database';
export * from './test-world';
export * from './wait-for';
export * from './markers';
export * from './rights';
