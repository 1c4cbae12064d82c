import type { Caller, PermissionCode } from '@platform/auth';
import { permissions } from '@platform/contracts';
import { BadUserInput } from '@platform/foundation/errors';
import { Directive, Field, ObjectType } from 'type-graphql';
import { PrivilegeEscalation, UnknownPermission } from './errors.js';

/** Something that a module lets its users do. Permissions live in code: a module declares them, nobody stores them. */
@ObjectType()
@Directive('@key(fields: "code")')
export class Permission {
  @Field(() => String)
  readonly code: PermissionCode;

  @Field(() => String)
  readonly module: string;

  @Field(() => String)
  readonly description: string;

  @Field(() => Boolean, {
    description: 'Whether it reaches beyond one organization: only roles of the default organization can have it.',
  })
  readonly platform: boolean;

  constructor(code: PermissionCode) {
    this.code = code;
    this.module = permissions[code].module;
    this.description = permissions[code].description;
    this.platform = permissions[code].platform;
  }
}

/** In characters; what is told of an unknown one has it in it. */
const MAX_CODE_LENGTH = 200;

/** Every code that a module declares, sorted. */
export const declaredCodes: readonly PermissionCode[] = (Object.keys(permissions) as PermissionCode[]).sort();

/** Every permission that a module declares, of one module when it is named and not blank, by code. */
export const declaredPermissions = (module?: string | null): Permission[] =>
  declaredCodes
    .map((code) => new Permission(code))
    .filter((permission) => !module?.trim() || permission.module === module);

/** False for codes of modules that are gone, which may still be stored. */
export const isDeclared = (code: string): code is PermissionCode => Object.hasOwn(permissions, code);

/** The codes without repetition, sorted. @throws UnknownPermission that names every code that no module declares, BadUserInput for texts that no code is as long as. */
export function knownCodes(codes: readonly string[]): PermissionCode[] {
  if (codes.some(({ length }) => length > MAX_CODE_LENGTH))
    throw new BadUserInput({ permissions: `At most ${MAX_CODE_LENGTH} characters each.` });
  const distinct = [...new Set(codes)].sort();
  const unknown = distinct.filter((code) => !isDeclared(code));
  if (unknown.length > 0) throw new UnknownPermission(unknown);
  return distinct as PermissionCode[];
}

/** Nobody passes on, takes away or acts on what they do not hold. @throws PrivilegeEscalation that names every such code. */
export function assertCanGrant(caller: Caller, codes: readonly PermissionCode[]): void {
  const missing = codes.filter((code) => !caller.permissions.has(code));
  if (missing.length > 0) throw new PrivilegeEscalation(missing);
}
