import {
  describeWithKafka,
  describeWithRedis,
  eventually,
  type GraphQLClient,
  MailServer,
  type TestKafka,
} from '@platform/testkit';
import { DistributedPlatform } from './distributed-platform.js';
import { EmbeddedPlatform } from './embedded-platform.js';
import type { Session } from './session.js';

/** What journeys need of a platform, whichever its topology. */
export interface JourneyPlatform {
  readonly anonymous: () => GraphQLClient;
  signInAsAdministrator(): Promise<Session>;
  /** The token in the newest mail to the address that leads to the page. */
  mailed(to: string, page: string): Promise<string>;
}

/** Runs the journeys in one process, and with each subgraph in its own on Redis and Kafka. @param settings environment variables of both. */
export function describeInBothTopologies(
  subject: string,
  settings: Readonly<Record<string, string>>,
  journeys: (platform: () => JourneyPlatform) => void,
): void {
  describe(`${subject}, in one process`, () => {
    let platform: EmbeddedPlatform;
    beforeAll(async () => {
      platform = await EmbeddedPlatform.start({ env: settings });
    });
    afterAll(() => platform?.stop());
    journeys(() => ({
      anonymous: () => platform.anonymous,
      signInAsAdministrator: () => platform.signInAsAdministrator(),
      mailed: (to, page) => platform.mailedToken(to, page),
    }));
  });

  describeWithRedis('on Redis', (redisUrl) => {
    describeWithKafka(`${subject}, apart, with events by Kafka`, (kafka) => apart(redisUrl, kafka, settings, journeys));
  });
}

function apart(
  redisUrl: string,
  kafka: TestKafka,
  settings: Readonly<Record<string, string>>,
  journeys: (platform: () => JourneyPlatform) => void,
): void {
  const mail = new MailServer();
  let platform: DistributedPlatform;
  beforeAll(async () => {
    await mail.start();
    platform = await DistributedPlatform.start(redisUrl, {
      ...settings,
      MAIL_TRANSPORT: 'smtp',
      MAIL_SMTP_HOST: '127.0.0.1',
      MAIL_SMTP_PORT: String(mail.port),
      MAIL_SMTP_TLS: 'none',
      KAFKA_BROKERS: kafka.brokers,
      KAFKA_TOPIC_PREFIX: kafka.topicPrefix,
    });
  }, 300_000);
  afterAll(async () => {
    await platform?.stop();
    await mail.stop();
  });

  journeys(() => ({
    anonymous: () => platform.client('router'),
    signInAsAdministrator: () => platform.signInAsAdministrator(),
    mailed: (to, page) =>
      eventually(() => {
        const link = new RegExp(`${page}\\?token=(\\S+)`);
        const texts = mail.mails.filter(({ recipients }) => recipients.includes(to)).map(({ message }) => message.text);
        const [, token] = link.exec(texts.join('\n')) ?? [];
        if (!token) throw new Error(`No mail to ${to} with a link to ${page}`);
        return token;
      }),
  }));
}
