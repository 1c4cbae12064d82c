export { EARLIEST_TIME, isRepresentable, LATEST_TIME } from './time-range.js';

/** The present, replaceable in tests. */
export interface Clock {
  now(): Date;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };
