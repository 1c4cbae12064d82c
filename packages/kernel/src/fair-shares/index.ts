export { type Asker, currentAsker } from './asker.js';
export { FairQueue } from './fair-queue.js';
