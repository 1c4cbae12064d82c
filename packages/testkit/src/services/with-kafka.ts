import { randomBytes } from 'node:crypto';
import { beforeAll, describe } from '@jest/globals';
import { service } from './environment.js';
import { canRunKafka } from './kafka/kafka-jars.js';
import { demand } from './on-demand.js';
import { reportSkipped } from './skipped-suites.js';

const START_MS = 300_000;
const INSTALL = 'install Java 17 and Maven';

/** The broker of the test run, with names that no other suite uses. */
export interface TestKafka {
  /** As KAFKA_BROKERS has it; known once the suite's hooks run. */
  readonly brokers: string;
  readonly topicPrefix: string;
}

/** A suite that needs a real Kafka. Without one it is skipped, and the run says so at its end. */
export function describeWithKafka(name: string, define: (kafka: TestKafka) => void): void {
  const desk = service('kafkaDesk');
  const kafka = { brokers: '', topicPrefix: `test-${randomBytes(4).toString('hex')}.` };
  if (!desk) {
    describe.skip(name, () => define(kafka));
    reportSkipped(name, `Kafka: set KAFKA_BROKERS or ${INSTALL}`);
    return;
  }
  describe(name, () => {
    beforeAll(async () => {
      kafka.brokers = await demand(desk);
    }, START_MS);
    define(kafka);
  });
}

/** A suite that starts and stops brokers of its own. Where that cannot be it is skipped, and the run says so at its end. */
export function describeWhereKafkaRuns(name: string, define: () => void): void {
  if (canRunKafka()) {
    describe(name, define);
    return;
  }
  describe.skip(name, define);
  reportSkipped(name, `a Kafka broker of its own: ${INSTALL}`);
}
