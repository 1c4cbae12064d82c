export * from './denials.js';
