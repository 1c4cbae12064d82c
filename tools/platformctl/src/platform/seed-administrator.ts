import { randomBytes } from 'node:crypto';
import { authzServices } from '@platform/authz';
import { identityServices } from '@platform/identity';
import type { KernelConfig } from '@platform/kernel/config';
import type { Subgraph, SubgraphInfrastructure } from '@platform/kernel/subgraph';

const DEFAULT_EMAIL = 'admin@example.com';

/** The first administrator. */
export interface Administrator {
  readonly id: string;
  readonly email: string;
  /** False when the account was there already. */
  readonly created: boolean;
  /** Shown once: when it was generated just now. */
  readonly generatedPassword: string | null;
}

/** Makes sure that the first administrator exists, with a verified address and the admin role. A generated password is answered once, when the account is made. */
export async function seedAdministrator(
  subgraphs: ReadonlyMap<string, Subgraph>,
  { seed }: Pick<KernelConfig, 'seed'>,
): Promise<Administrator> {
  const email = seed.adminEmail ?? DEFAULT_EMAIL;
  const password = seed.adminPassword ?? randomBytes(15).toString('base64url');
  const { accounts } = identityServices(infrastructureOf(subgraphs, 'identity'));
  const { assignments } = authzServices(infrastructureOf(subgraphs, 'authz'));

  const { id, created } = await accounts.ensureVerifiedUser({ email, password, username: 'admin' });
  await assignments.ensureAdministrator(id);
  return { id, email, created, generatedPassword: created && seed.adminPassword === null ? password : null };
}

function infrastructureOf(subgraphs: ReadonlyMap<string, Subgraph>, name: string): SubgraphInfrastructure<never> {
  const subgraph = subgraphs.get(name);
  if (!subgraph) throw new Error(`The subgraph ${name} is not part of this process`);
  return subgraph.infrastructure;
}
