/** A door beside the plain one: TLS, and a user who signs in by PLAIN or SCRAM. */
export interface Guard {
  /** A file with the private key and the certificate for `localhost`, in PEM. */
  readonly keyStore: string;
  readonly user: string;
  readonly password: string;
  /** Others who may sign in by PLAIN, by name with their passwords. With them the broker asks its ACLs, of all but `user`. */
  readonly others?: Readonly<Record<string, string>>;
}

/** What the broker is made of. */
interface ServerOptions {
  readonly port: number;
  readonly controllerPort: number;
  readonly directory: string;
  readonly guard?: (Guard & { readonly port: number }) | undefined;
}

/** One broker that is its own controller, on loopback, quick to start and to form groups. */
export const serverProperties = ({ port, controllerPort, directory, guard }: ServerOptions): string => `
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${guard ? `,GUARDED://127.0.0.1:${guard.port}` : ''}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}${guard ? `,GUARDED://localhost:${guard.port}` : ''}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,GUARDED:SASL_SSL
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:${controllerPort}
log.dirs=${directory}
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
${guard ? guardProperties(guard) : ''}`;

const JAAS = 'org.apache.kafka.common.security';

const guardProperties = ({ keyStore, user, password, others = {} }: Guard): string => `
ssl.keystore.type=PEM
ssl.keystore.location=${keyStore}
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
listener.name.guarded.plain.sasl.jaas.config=${JAAS}.plain.PlainLoginModule required ${Object.entries({
  [user]: password,
  ...others,
})
  .map(([name, secret]) => `user_${name}="${secret}"`)
  .join(' ')};
listener.name.guarded.scram-sha-256.sasl.jaas.config=${JAAS}.scram.ScramLoginModule required;
listener.name.guarded.scram-sha-512.sasl.jaas.config=${JAAS}.scram.ScramLoginModule required;
${Object.keys(others).length > 0 ? `authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer\nsuper.users=User:ANONYMOUS;User:${user}` : ''}
`;

/** What the broker's storage is made with, so that the user can sign in by SCRAM from its first start on. */
export const guardCredentials = ({ user, password }: Guard): string[] =>
  ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${user},password=${password}]`,
  ]);

/** Warnings and worse. */
export const logging = `
Configuration:
  Appenders:
    Console: { name: console, PatternLayout: { pattern: '%d %p %c %m%n' } }
  Loggers:
    Root: { level: WARN, AppenderRef: { ref: console } }
`;
