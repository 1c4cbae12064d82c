export type { CopiedColumn } from './binary-rows.js';
export * from './copy-in.js';
