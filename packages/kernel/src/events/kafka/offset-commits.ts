import type { EachBatchPayload } from 'kafkajs';

/**
 * Tells the brokers from time to time how far a group has come, instead of after every few messages, which would cost them more than the
 * messages do. What was handled since is delivered again after a crash, and absorbed by the inbox.
 */
export class OffsetCommits {
  private payload: EachBatchPayload | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param interval in ms. */
  constructor(private readonly interval: number) {}

  /** Messages were handled, and are resolved: commits soon, or at once where the consumer is about to leave. */
  async resolved(payload: EachBatchPayload): Promise<void> {
    this.payload = payload;
    if (!payload.isRunning()) return this.commit();
    this.timer ??= setTimeout(() => void this.commit().catch(() => {}), this.interval).unref();
  }

  /** Commits what has been handled by now. @throws when the brokers do not take it: others will be given it again. */
  async commit(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const offsets = this.payload?.uncommittedOffsets();
    if (offsets && offsets.topics.length > 0) await this.payload?.commitOffsetsIfNecessary(offsets);
  }
}
