import type { Admin, Kafka } from 'kafkajs';
import type { KafkaConfig } from '../../config/index.js';

/** Makes the topics that are missing. Answers how those that are there differ from the configuration: they are not changed, since other partitions would break the order of events. */
export async function ensureTopics(admin: Admin, topics: readonly string[], config: KafkaConfig): Promise<string[]> {
  const there = new Set(await admin.listTopics());
  const missing = topics.filter((topic) => !there.has(topic));
  if (missing.length > 0) await createTopics(admin, missing, config);
  const { topics: found } = await admin.fetchTopicMetadata({ topics: [...topics] });
  return found.flatMap(({ name, partitions }) => {
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
}

/** Several processes that start at once may do this together. */
async function createTopics(admin: Admin, topics: readonly string[], config: KafkaConfig): Promise<void> {
  await admin.createTopics({
    waitForLeaders: true,
    topics: topics.map((topic) => ({
      topic,
      numPartitions: config.partitions,
      replicationFactor: config.replicationFactor,
      configEntries: [{ name: 'retention.ms', value: String(config.retention) }],
    })),
  });
}

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
