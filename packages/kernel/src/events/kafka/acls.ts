import kafkajs, {
  type AclEntry,
  type AclOperationTypes,
  type AclResourceTypes,
  type ResourcePatternTypes,
} from 'kafkajs';
import { deadLetterTopicOf, topicOf } from './message.js';

// Not all exports of the library are seen as names from outside of CommonJS.
const { READ, WRITE, DESCRIBE, DELETE } = kafkajs.AclOperationTypes;
const { TOPIC, GROUP } = kafkajs.AclResourceTypes;
const { LITERAL, PREFIXED } = kafkajs.ResourcePatternTypes;

/** What a principal may do with topics or groups of one name, or of names that begin so. */
interface Grant {
  readonly resourceType: AclResourceTypes;
  readonly resourceName: string;
  readonly resourcePatternType?: ResourcePatternTypes;
  readonly operations: readonly AclOperationTypes[];
}

/**
 * The least that the processes of the platform need at the brokers. Each signs in as a principal of its module's name: it writes to its own topic and to
 * no other, reads all of them, and gives up what it cannot handle. `router` hears events and sends none. Topics are made by who sets these.
 * @param modules that publish events
 */
export function aclsFor(prefix: string, modules: readonly string[]): AclEntry[] {
  const topics = modules.map((name) => topicOf(prefix, name));
  const readable: Grant[] = topics.map((resourceName) => ({
    resourceType: TOPIC,
    resourceName,
    operations: [READ, DESCRIBE],
  }));
  const live: Grant = {
    resourceType: GROUP,
    resourceName: `${prefix}live.`,
    resourcePatternType: PREFIXED,
    operations: [READ, DELETE],
  };
  const deadLetters: Grant[] = topics.map((topic) => ({
    resourceType: TOPIC,
    resourceName: deadLetterTopicOf(topic),
    operations: [WRITE, DESCRIBE],
  }));
  return [
    ...modules.flatMap((name) =>
      entries(name, [
        ...readable,
        ...deadLetters,
        { resourceType: TOPIC, resourceName: topicOf(prefix, name), operations: [WRITE] },
        { resourceType: GROUP, resourceName: `${prefix}${name}`, operations: [READ, DESCRIBE] },
        live,
      ]),
    ),
    ...entries('router', [...readable, ...deadLetters.map((grant) => ({ ...grant, operations: [DESCRIBE] })), live]),
  ];
}

const entries = (principal: string, grants: readonly Grant[]): AclEntry[] =>
  grants.flatMap(({ operations, resourcePatternType = LITERAL, ...resource }) =>
    operations.map((operation) => ({
      ...resource,
      resourcePatternType,
      principal: `User:${principal}`,
      host: '*',
      operation,
      permissionType: kafkajs.AclPermissionTypes.ALLOW,
    })),
  );

/** Such as `User:blog  WRITE  TOPIC LITERAL blog.events`. */
export const printedAcl = (acl: AclEntry): string =>
  [
    acl.principal,
    nameIn(kafkajs.AclOperationTypes, acl.operation),
    `${nameIn(kafkajs.AclResourceTypes, acl.resourceType)} ${nameIn(kafkajs.ResourcePatternTypes, acl.resourcePatternType)} ${acl.resourceName}`,
  ].join('  ');

/** The library's enumerations know no names at run time. */
const nameIn = (names: object, value: number): string =>
  Object.entries(names).find(([, each]) => each === value)?.[0] ?? String(value);
