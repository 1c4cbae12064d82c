export { aclsFor, type KafkaPrincipal, printedAcl } from './acls.js';
export { aclDifference, applyAcls } from './apply-acls.js';
export { type ConsumerLag, consumerLags } from './consumer-lag.js';
export { KafkaBus } from './kafka-bus.js';
export { kafkaClient } from './kafka-client.js';
export { deadLetterTopicOf, toEvent, topicOf } from './message.js';
export { readTopic, type TopicRange } from './read-topic.js';
export { TopicMap } from './topic-map.js';
export { ensureTopics, missingTopics, withAdmin } from './topics.js';
