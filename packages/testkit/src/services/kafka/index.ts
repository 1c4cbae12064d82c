export { KafkaBroker } from './kafka-broker.js';
export { canRunKafka, kafkaJars, kafkaVersion } from './kafka-jars.js';
