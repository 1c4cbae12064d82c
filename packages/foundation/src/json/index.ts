export { ExactFields } from './exact-fields.js';
export { doubleOf, LosslessNumber, numberOf } from './lossless-number.js';
export { losslessReviver, parseJson } from './parse-json.js';
