export { aclsFor, type KafkaPrincipal, printedAcl } from './acls.js';
export { aclDifference, applyAcls } from './apply-acls.js';
export { consumerLags } from './consumer-lag.js';
export { KafkaBus } from './kafka-bus.js';
export { kafkaClient } from './kafka-client.js';
export { deadLetterTopicOf, topicOf } from './message.js';
export { readTopic, type TopicRange } from './read-topic.js';
export { TopicMap } from './topic-map.js';
export { ensureTopics, withAdmin } from './topics.js';
