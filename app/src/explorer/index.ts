export { explorerOf } from './explorer-of.ts';
