import { setTimeout as wait } from 'node:timers/promises';

/** Lets the time that an answer takes tell nothing of whether an account was known. */
export class ConstantTimeResponse {
  /** @param duration in ms; longer than the work takes in any case. */
  constructor(private readonly duration: number) {}

  /** Answers true not before the duration is over. Failures, which tell nothing of accounts, come at once. */
  async after(work: Promise<void>): Promise<true> {
    await Promise.all([work, wait(this.duration)]);
    return true;
  }
}
