import kafkajs, {
  type AclEntry,
  type AclOperationTypes,
  type AclResourceTypes,
  type ResourcePatternTypes,
} from 'kafkajs';
import { deadLetterTopicOf, topicOf } from './message.js';

// Not all exports of the library are seen as names from outside of CommonJS.
const { READ, WRITE, DESCRIBE } = kafkajs.AclOperationTypes;
const { TOPIC, GROUP } = kafkajs.AclResourceTypes;
const { LITERAL, PREFIXED } = kafkajs.ResourcePatternTypes;

/** A process that signs in at the brokers under its own name. */
export interface KafkaPrincipal {
  readonly name: string;
  /** The topics that its consumer group reads. */
  readonly consumes: readonly string[];
  /** The topics that it reads for live listeners, in groups of single instances. */
  readonly listensTo: readonly string[];
}

/** What a principal may do with topics or groups of one name, or of names that begin so. */
interface Grant {
  readonly resourceType: AclResourceTypes;
  readonly resourceName: string;
  readonly resourcePatternType?: ResourcePatternTypes;
  readonly operations: readonly AclOperationTypes[];
}

/**
 * The least that the processes of the platform need at the brokers. A publisher writes to its own topic and to no other. A consumer reads what it
 * consumes, in its own group, and puts what it cannot handle into the dead letters. All may see which topics there are; who sets the ACLs makes them.
 * @param publishers modules that have a topic
 */
export function aclsFor(
  prefix: string,
  publishers: readonly string[],
  principals: readonly KafkaPrincipal[],
): AclEntry[] {
  const topics = publishers.map((name) => topicOf(prefix, name));
  const visible = [...topics, ...topics.map(deadLetterTopicOf)].map((name) => onTopic(name, DESCRIBE));
  return principals.flatMap(({ name, consumes, listensTo }) => {
    const live = { resourceName: `${prefix}live.${name}.`, resourcePatternType: PREFIXED };
    return entries(name, [
      ...visible,
      ...(publishers.includes(name) ? [onTopic(topicOf(prefix, name), WRITE)] : []),
      ...[...new Set([...consumes, ...listensTo])].map((topic) => onTopic(topic, READ)),
      ...consumes.map((topic) => onTopic(deadLetterTopicOf(topic), WRITE)),
      ...(consumes.length > 0
        ? [{ resourceType: GROUP, resourceName: `${prefix}${name}`, operations: [READ, DESCRIBE] }]
        : []),
      ...(listensTo.length > 0 ? [{ resourceType: GROUP, ...live, operations: [READ] }] : []),
    ]);
  });
}

const onTopic = (resourceName: string, operation: AclOperationTypes): Grant => ({
  resourceType: TOPIC,
  resourceName,
  operations: [operation],
});

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
