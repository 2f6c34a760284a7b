export * from './allocate';
export * from './currency';
export * from './decimal';
export * from './money';
export * from './proration';
export * from './ratio';
