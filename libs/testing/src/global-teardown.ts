import { tearDown } from './global-setup';

// Jest wants the tear-down as the default export of its file.
// eslint-disable-next-line no-restricted-syntax
export default tearDown;
