export { type Asker, currentAsker } from './asker.js';
export { FairQueue } from './fair-queue.js';
export { networkOf } from './network-of.js';
