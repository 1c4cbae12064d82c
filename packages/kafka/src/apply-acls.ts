import kafkajs, { type AclEntry, type Admin } from 'kafkajs';

/** How the ACLs at the brokers differ from those that are wanted. */
export interface AclDifference {
  readonly missing: readonly AclEntry[];
  /** Set for one of the principals on one of their topics or groups, and not wanted. */
  readonly surplus: readonly AclEntry[];
}

/** Compares what the brokers have with what is wanted; other principals, topics and groups are somebody else's. */
export async function aclDifference(admin: Admin, wanted: readonly AclEntry[]): Promise<AclDifference> {
  const found = await currentAcls(admin);
  const [principals, resources] = [wanted.map(({ principal }) => principal), wanted.map(resourceOf)];
  const own = found.filter((acl) => principals.includes(acl.principal) && resources.includes(resourceOf(acl)));
  const [have, want] = [new Set(own.map(textOf)), new Set(wanted.map(textOf))];
  return {
    missing: wanted.filter((acl) => !have.has(textOf(acl))),
    surplus: own.filter((acl) => !want.has(textOf(acl))),
  };
}

/** Sets what is missing, then takes away what is surplus. */
export async function applyAcls(admin: Admin, { missing, surplus }: AclDifference): Promise<void> {
  if (missing.length > 0) await admin.createAcls({ acl: [...missing] });
  if (surplus.length > 0) await admin.deleteAcls({ filters: surplus.map((acl) => ({ ...acl })) });
}

async function currentAcls(admin: Admin): Promise<AclEntry[]> {
  const { resources } = await admin.describeAcls({
    resourceType: kafkajs.AclResourceTypes.ANY,
    resourcePatternType: kafkajs.ResourcePatternTypes.ANY,
    operation: kafkajs.AclOperationTypes.ANY,
    permissionType: kafkajs.AclPermissionTypes.ANY,
  });
  return resources.flatMap(({ acls, ...resource }) => acls.map((acl) => ({ ...resource, ...acl })));
}

const resourceOf = ({ resourceType, resourcePatternType, resourceName }: AclEntry): string =>
  `${resourceType} ${resourcePatternType} ${resourceName}`;

const textOf = (acl: AclEntry): string =>
  [resourceOf(acl), acl.principal, acl.host, acl.operation, acl.permissionType].join(' ');
