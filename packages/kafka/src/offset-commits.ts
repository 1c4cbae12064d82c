import type { EachBatchPayload, TopicPartitionOffset } from 'kafkajs';

/**
 * Tells the brokers from time to time how far a group has come, instead of after every few messages, which would cost them more than the
 * messages do. What was handled since is delivered again after a crash, and absorbed by the inbox.
 */
export class OffsetCommits {
  /** By partition, the first offset that is not handled. */
  private readonly uncommitted = new Map<string, TopicPartitionOffset>();
  private payload: EachBatchPayload | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param interval in ms. */
  constructor(private readonly interval: number) {}

  /** The messages of a batch were handled up to an offset, and with it: commits that soon. */
  handled(payload: EachBatchPayload, offset: string): void {
    const { topic, partition } = payload.batch;
    const next = String(BigInt(offset) + 1n);
    this.uncommitted.set(`${topic}/${partition}`, { topic, partition, offset: next });
    this.payload = payload;
    this.schedule();
  }

  /** What was handled as a member that the group does not have any more is not to be committed. */
  forget(): void {
    this.uncommitted.clear();
  }

  /** Commits what has been handled by now. @throws when the brokers do not take it: others will be given it again. */
  async commit(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.uncommitted.size === 0) return;
    const committed = [...this.uncommitted];
    const topics = [...Map.groupBy(this.uncommitted.values(), ({ topic }) => topic)];
    await this.payload?.commitOffsetsIfNecessary({
      topics: topics.map(([topic, partitions]) => ({ topic, partitions })),
    });
    for (const [partition, offset] of committed) {
      if (this.uncommitted.get(partition) === offset) this.uncommitted.delete(partition);
    }
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => void this.commit().catch((error) => this.failed(error)), this.interval).unref();
  }

  /** Where a topic is gone, so is what was handled of it: the next topic of its name begins at its start. */
  private failed(error: unknown): void {
    if ((error as { type?: string }).type === 'UNKNOWN_TOPIC_OR_PARTITION') this.forget();
    else this.schedule();
  }
}
