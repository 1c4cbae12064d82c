/** One broker that is its own controller, on loopback, quick to start and to form groups. */
export const serverProperties = (port: number, controllerPort: number, directory: string): string => `
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
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
`;

/** Warnings and worse. */
export const logging = `
Configuration:
  Appenders:
    Console: { name: console, PatternLayout: { pattern: '%d %p %c %m%n' } }
  Loggers:
    Root: { level: WARN, AppenderRef: { ref: console } }
`;
