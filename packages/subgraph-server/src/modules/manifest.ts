import { readFileSync } from 'node:fs';
import { OperatorError } from '@platform/foundation/errors';
import { parseDocument } from 'yaml';
import { z } from 'zod';

/** It names a schema of the database and a variable, too. */
const name = z.string().regex(/^[a-z][a-z0-9]*$/, 'is one lower-case word of letters and digits');
const semver = z.string().regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/, 'is a semantic version such as 1.0.0');

const permission = z
  .strictObject({
    code: z.string().regex(/^[a-z][a-z0-9]*(\.[a-z][a-z0-9_]*){2}$/, 'has the form module.resource.action'),
    description: z.string().min(1),
    /** System roles that have it in a new organization, until an administrator decides otherwise. */
    grantedTo: z.array(z.enum(['user', 'guest'])).default([]),
    /** Whether it reaches beyond one organization: only roles of the default organization can have it. */
    platform: z.boolean().default(false),
  })
  .refine(({ platform, grantedTo }) => !platform || grantedTo.length === 0, {
    path: ['grantedTo'],
    message: 'cannot name a role where platform is true: every organization has the roles user and guest',
  });

const manifestSchema = z.strictObject({
  name,
  version: semver,
  description: z.string().optional(),
  /** Where a process of its own listens, unless `server.port` says where else. */
  port: z.int().min(1).max(65_535),
  dependencies: z.record(z.string(), z.string()).default({}),
  permissions: z.array(permission).default([]),
  events: z
    .strictObject({
      published: z.array(z.string()).default([]),
      consumed: z.union([z.literal('all'), z.array(z.string())]).default([]),
    })
    .default({ published: [], consumed: [] }),
  /** By mutation, the event that tells the audit log of it. */
  auditedActions: z.record(z.string(), z.string()).default({}),
});

/** What a module says of itself in its module.yaml: its version and port, what it depends on (semver ranges), its permissions and events, and what its mutations leave in the audit log. */
export type ModuleManifest = Readonly<z.infer<typeof manifestSchema>>;

/** One or more modules do not fit together; `mistakes` names each. */
export class InvalidModules extends OperatorError {
  constructor(readonly mistakes: readonly string[]) {
    super(`The modules do not fit together:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
  }
}

/** Reads one module.yaml. @throws InvalidModules that lists everything wrong in it. */
export function readManifest(path: string): ModuleManifest {
  const document = parseDocument(readFileSync(path, 'utf8'));
  if (document.errors.length > 0) throw new InvalidModules(document.errors.map(({ message }) => `${path}: ${message}`));
  const parsed = manifestSchema.safeParse(document.toJS());
  if (!parsed.success) {
    throw new InvalidModules(parsed.error.issues.map((issue) => `${path}: ${issue.path.join('.')} ${issue.message}`));
  }
  return parsed.data;
}
