import { aclsFor, ensureTopics, kafkaClient, printedAcl, withAdmin } from '@platform/kernel/events/kafka';
import { print } from '../options.js';
import { topicMap } from '../platform/event-bus.js';
import { recordOperator } from '../platform/operator.js';
import type { EventTools } from './event-tools.js';
import { NoTopics } from './replay-topic.js';

/** Prints what each principal may do at the brokers. With `apply` the topics are made and the ACLs set; those that are there stay. @throws NoTopics */
export async function topicAcls({ config, logger }: EventTools, apply: boolean): Promise<void> {
  const topics = await topicMap(config);
  const acls = aclsFor(config.kafka.topicPrefix, topics.modules);
  for (const acl of acls) print(printedAcl(acl));
  if (!apply) return;
  if (config.kafka.brokers === null) throw new NoTopics();
  await recordOperator(config, { action: 'platform.events.acls_set', resource: 'events', resourceId: null });
  await withAdmin(kafkaClient(config.kafka, 'platformctl', logger), async (admin) => {
    await ensureTopics(admin, topics.withDeadLetters, config.kafka);
    await admin.createAcls({ acl: acls });
  });
  print(`${acls.length} ACLs are set.`);
}
