export * from './lossless-number.js';
export * from './parse-json.js';
