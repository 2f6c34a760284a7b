export * from './redis';
export * from './test-database';
export * from './test-world';
export * from './wait-for';
