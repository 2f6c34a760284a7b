export { demo, importDemo } from './demo/import-demo';
