// `npm run kafka [-- <port>]`: a real Kafka broker on loopback until Ctrl-C, for developers; needs Java 17 and Maven. Its data goes with it.
import { prepare } from './prepare.mjs';

await prepare();
const { KafkaBroker, kafkaVersion } = await import('../packages/testkit/dist/services/kafka/index.js');
const broker = await KafkaBroker.create({ port: Number(process.argv[2] ?? 9092) });
await broker.start();
console.log(`Kafka ${kafkaVersion()} is ready: KAFKA_BROKERS=${broker.brokers}`);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => broker.remove().then(() => process.exit(0)));
setInterval(() => {}, 60_000);
