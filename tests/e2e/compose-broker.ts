import { KafkaBroker } from '@platform/testkit';
import { composeFile } from '../architecture/compose-file.js';
import { freePorts } from './free-ports.js';

/** The broker of docker-compose.yml as its image would start it, on free ports of the loopback interface and with data of its own. */
export async function composeBroker(variables: Readonly<Record<string, string>>): Promise<KafkaBroker> {
  const [port = 0, controller = 0, host = 0] = await freePorts(3);
  const places: readonly (readonly [RegExp, string])[] = [
    [/\bkafka:9092|:9092/g, `127.0.0.1:${port}`],
    [/\blocalhost:9093/g, `127.0.0.1:${controller}`],
    [/127\.0\.0\.1:9094|:9094/g, `127.0.0.1:${host}`],
    [/^\/var\/lib\/kafka\/data$/, 'data'],
  ];
  const { environment = {} } = composeFile(variables).services['kafka'] ?? {};
  const lines = Object.entries(environment).map(
    ([name, value]) => `${propertyOf(name)}=${places.reduce((text, [place, own]) => text.replace(place, own), value)}`,
  );
  return KafkaBroker.create({ port, properties: lines.join('\n') });
}

/** As the image names properties: KAFKA_NODE_ID is node.id. */
const propertyOf = (name: string): string =>
  name
    .replace(/^KAFKA_/, '')
    .toLowerCase()
    .replaceAll('_', '.');
