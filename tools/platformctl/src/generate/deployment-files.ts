import { readModules, type SubgraphName, subgraphNames } from '@platform/runtime/modules';
import { definitions } from '@platform/runtime/subgraphs';
import type { ModuleManifest } from '@platform/subgraph-server/modules';
import { withoutRegions, withRegions } from './generated-regions.js';
import { committedText, type GeneratedFile } from './settle.js';

/** A subgraph as files of the deployment know it. */
interface Deployed {
  readonly name: SubgraphName;
  readonly port: number;
  /** Types of its events. */
  readonly published: readonly string[];
}

/** What runs, scrapes, publishes and caches every subgraph: the parts of these files that list them all. */
export function deploymentFiles(): GeneratedFile[] {
  const modules = readModules();
  const all = subgraphNames.map((name): Deployed => {
    const { port, events } = modules.get(name) as ModuleManifest;
    return { name, port, published: events.published };
  });
  const regions: Record<string, (text: string) => Record<string, string[]>> = {
    'docker-compose.yml': (text) => ({
      'routing-urls': ['DISCOVERY_ROUTING_URLS: >-', `  ${JSON.stringify(routingUrls(all))}`],
      principals: principals(all),
      healthy: all.map(({ name }) => `${name}: { condition: service_healthy }`),
      services: all.filter(({ name }) => !isWritten(text, name)).flatMap(service),
    }),
    'deploy/prometheus/prometheus.yml': () => ({
      subgraphs: all.flatMap(({ name, port }) => [
        `- job_name: ${name}`,
        `  static_configs: [{ targets: ["${name}:${port}"] }]`,
      ]),
    }),
    '.github/workflows/schema.yaml': () => ({
      names: [`subgraph: [${all.map(({ name }) => name).join(', ')}]`],
      ports: all.map(({ name, port }) => `- { subgraph: ${name}, port: ${port} }`),
    }),
    '.env.development': () => ({
      principals: all.map(({ name }) => `${variable(name, 'KAFKA_PASSWORD')}=platform-${name}`),
    }),
    '.env.example': () => ({
      roles: all.map(({ name }) => `${variable(name, 'ROLE_PASSWORD')}=`),
      principals: all.map(({ name }) => `${variable(name, 'KAFKA_PASSWORD')}=`),
    }),
    'config/default.yaml': () => ({
      invalidation: all.flatMap(({ name, published }) => {
        const kinds = [...new Set(published.map((type) => type.replace(/[^.]+$/, '')))];
        return inRows(kinds).map((row) => `- { events: [${row}], tags: ["subgraph:${name}"] }`);
      }),
    }),
    'docs/operations.md': () => ({
      stop: [`docker compose --profile platform stop router router-2 ${all.map(({ name }) => name).join(' ')}`],
    }),
  };
  return Object.entries(regions).map(([path, regionsOf]) => {
    const text = committedText(path) ?? '';
    return { path, content: withRegions(path, text, regionsOf(text)) };
  });
}

/** What a line holds of types of events, in characters. */
const ROW_LENGTH = 66;

/** The kinds, separated by commas, in rows that fit in a line. */
function inRows(kinds: readonly string[]): string[] {
  const rows: string[] = [];
  for (const kind of kinds) {
    const last = rows.at(-1);
    if (last !== undefined && `${last}, ${kind}`.length <= ROW_LENGTH) rows[rows.length - 1] = `${last}, ${kind}`;
    else rows.push(kind);
  }
  return rows;
}

const variable = (name: string, what: string): string => `${name.toUpperCase()}_${what}`;

/** How Compose asks for a variable without which nothing starts. */
const required = (name: string): string => `\${${name}:?is not set}`;

const routingUrls = (all: readonly Deployed[]) =>
  Object.fromEntries(all.map(({ name, port }) => [name, `http://${name}:${port}/graphql`]));

/** Who may sign in at the brokers, as the value of a JAAS configuration. */
function principals(all: readonly Deployed[]): string[] {
  const users = all.map(({ name }) => `user_${name}="${required(variable(name, 'KAFKA_PASSWORD'))}"`);
  return [
    'x-principals: &principals >-',
    '  org.apache.kafka.common.security.plain.PlainLoginModule required',
    '  username="administrator"',
    `  password="${required('KAFKA_ADMIN_PASSWORD')}"`,
    `  user_administrator="${required('KAFKA_ADMIN_PASSWORD')}"`,
    ...users.map((user, position) => `  ${user}${position === users.length - 1 ? ';' : ''}`),
  ];
}

/** A subgraph that needs more than others, such as a volume, has a service that somebody wrote. */
const isWritten = (compose: string, name: string): boolean =>
  new RegExp(`^  ${name}:$`, 'm').test(withoutRegions(compose));

function service({ name, port }: Deployed): string[] {
  const signs = definitions[name].needs?.includes('callerToken.privateKey');
  return [
    `${name}:`,
    '  <<: *process',
    `  command: [start, ${name}]`,
    '  environment:',
    `    <<: [*environment, *subgraph${signs ? ', *signing' : ''}]`,
    `    DATABASE_ROLE_PASSWORD: \${${variable(name, 'ROLE_PASSWORD')}:-}`,
    `    KAFKA_SASL_USERNAME: ${name}`,
    `    KAFKA_SASL_PASSWORD: ${required(variable(name, 'KAFKA_PASSWORD'))}`,
    `    SERVER_PORT: "${port}"`,
    '  depends_on: *needs',
  ];
}
