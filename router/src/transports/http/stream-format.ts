import type { Result } from '../../operation.js';

/** How a stream of results is written into one HTTP response. */
export interface StreamFormat {
  readonly contentType: string;
  /** What the response begins with. */
  readonly begin: string;
  /** What is written while nothing happens. */
  readonly heartbeat: string;
  /** What follows the last result. */
  readonly end: string;
  next(result: Result): string;
}
