export { weightOfDocument } from './document-weight.js';
export { bytesOfText, WeightedCache } from './weighted-cache.js';
