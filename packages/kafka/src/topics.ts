import type { KafkaConfig } from '@platform/foundation/config';
import type { Admin, Kafka } from 'kafkajs';

/** What became of the topics that are wanted. */
export interface TopicsFound {
  /** They were missing. */
  readonly made: readonly string[];
  /** How those that are there differ from the configuration. They are not changed, since other partitions would break the order of events. */
  readonly differences: readonly string[];
}

/** Makes the topics that are missing, after `onMissing` has heard of them. @throws Error that names them, where they cannot be made */
export async function ensureTopics(
  admin: Admin,
  topics: readonly string[],
  config: KafkaConfig,
  onMissing: (topics: readonly string[]) => void = () => {},
): Promise<TopicsFound> {
  const made = await missingTopics(admin, topics);
  if (made.length > 0) {
    onMissing(made);
    await createTopics(admin, made, config);
  }
  const { topics: found } = await admin.fetchTopicMetadata({ topics: [...topics] });
  const differences = found.flatMap(({ name, partitions }) => {
    const replicas = partitions[0]?.replicas.length ?? 0;
    return [
      ...(partitions.length === config.partitions
        ? []
        : [`${name} has ${partitions.length} partitions, and kafka.partitions is ${config.partitions}`]),
      ...(replicas === config.replicationFactor
        ? []
        : [`${name} has ${replicas} replicas, and kafka.replicationFactor is ${config.replicationFactor}`]),
    ];
  });
  return { made, differences };
}

/** Those of the topics that are not there. */
export async function missingTopics(admin: Admin, topics: readonly string[]): Promise<string[]> {
  const there = new Set(await admin.listTopics());
  return topics.filter((topic) => !there.has(topic));
}

/** Several processes that start at once may do this together. What producers compress is kept uncompressed: consumers need not know every codec. */
async function createTopics(admin: Admin, topics: readonly string[], config: KafkaConfig): Promise<void> {
  const configEntries = [
    { name: 'retention.ms', value: String(config.retention) },
    { name: 'compression.type', value: 'uncompressed' },
  ];
  const { partitions: numPartitions, replicationFactor } = config;
  try {
    await admin.createTopics({
      waitForLeaders: true,
      topics: topics.map((topic) => ({ topic, numPartitions, replicationFactor, configEntries })),
    });
  } catch (cause) {
    throw new Error(`The topics ${topics.join(', ')} are missing and cannot be made: ${reasonOf(cause)}`, { cause });
  }
}

/** The library tells of several topics in one error that says nothing itself. */
const reasonOf = (error: unknown): string => {
  const { errors } = error as { errors?: readonly unknown[] };
  return String(errors?.[0] ?? error);
};

/** Does something with an administrative connection of its own, for as long as it takes. */
export async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
