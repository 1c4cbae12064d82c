export * from './exact-fields.js';
export * from './lossless-number.js';
export * from './parse-json.js';
