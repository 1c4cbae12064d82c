import { loadConfig, type ProcessConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import {
  aclDifference,
  aclsFor,
  applyAcls,
  ensureTopics,
  type KafkaPrincipal,
  kafkaClient,
  printedAcl,
  type TopicMap,
  withAdmin,
} from '@platform/kafka';
import { topicMap } from '@platform/runtime/event-bus';
import { readModules, type SubgraphName } from '@platform/runtime/modules';
import { recordOperator } from '@platform/runtime/operator';
import { definitions } from '@platform/runtime/subgraphs';
import { print } from '../options.js';
import { NoTopics } from './replay-topic.js';

/** Prints what each principal may do at the brokers. With `apply` the topics are made and the ACLs set to exactly that. @throws NoTopics */
export async function topicAcls(set: string[], apply: boolean): Promise<void> {
  const config = loadConfig(processSections, { set });
  const topics = await topicMap(config);
  const acls = aclsFor(config.kafka.topicPrefix, topics.modules, principalsOf(topics));
  for (const acl of acls) print(printedAcl(acl));
  if (!apply) return;
  if (config.kafka.brokers === null) throw new NoTopics();
  await applied(config, topics, acls);
  print(`${acls.length} ACLs are set.`);
}

async function applied(config: ProcessConfig, topics: TopicMap, acls: ReturnType<typeof aclsFor>): Promise<void> {
  const logger = createLogger({ ...config.logging, level: 'warn' }, { name: 'events' });
  await withAdmin(kafkaClient(config.kafka, 'platformctl', logger), async (admin) => {
    await ensureTopics(admin, topics.withDeadLetters, config.kafka);
    const difference = await aclDifference(admin, acls);
    const [added, removed] = [difference.missing.length, difference.surplus.length];
    if (added + removed === 0) return;
    const action = { action: 'platform.events.acls_set', resource: 'events', resourceId: null };
    await recordOperator(config, { ...action, metadata: { added, removed } });
    await applyAcls(admin, difference);
  });
}

/** Every subgraph with what it says that it consumes; one of another repository may consume anything. The router listens for what its cache is told to. */
function principalsOf(topics: TopicMap): KafkaPrincipal[] {
  const modules = readModules();
  const carrying = (types: 'all' | readonly string[]) => (types.length === 0 ? [] : topics.carrying(types));
  const of = (name: string): KafkaPrincipal => ({
    name,
    consumes: carrying(modules.get(name)?.events.consumed ?? 'all'),
    listensTo: carrying(definitions[name as SubgraphName]?.live?.map(({ type }) => type) ?? []),
  });
  return [...topics.modules.map(of), { name: 'router', consumes: [], listensTo: topics.all }];
}
