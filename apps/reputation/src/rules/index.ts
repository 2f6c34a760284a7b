export * from './activity';
export * from './award';
export * from './entries';
export * from './floor';
export * from './limits';
export * from './presets';
export * from './reason';
export * from './rule-set';
