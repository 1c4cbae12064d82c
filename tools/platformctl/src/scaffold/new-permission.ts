import { projectRoot } from '@platform/foundation/config';
import { readModules } from '@platform/runtime/modules';
import { print } from '../options.js';
import { assertCheckout, change } from './change.js';
import { assertSubgraph, ModuleFile } from './module-file.js';
import { UnfitName } from './names.js';

/** What a new permission is to have. */
export interface NewPermission {
  readonly subgraph: string;
  /** Such as `post.pin`. */
  readonly action: string;
  /** For administrators, who grant it. */
  readonly description: string;
  /** System roles that have it from the beginning. */
  readonly grantedTo?: readonly string[] | undefined;
}

/** Declares a permission in its subgraph's module.yaml. @throws UnfitName, InvalidModules, NoCheckout, StepFailed */
export async function newPermission({ subgraph, action, description, grantedTo = [] }: NewPermission): Promise<void> {
  const root = projectRoot();
  assertCheckout(root);
  assertSubgraph(subgraph);
  const code = `${subgraph}.${action}`;
  if (readModules().ordered.some(({ permissions }) => permissions.some((known) => known.code === code)))
    throw new UnfitName(`There is a permission ${code} already.`);
  const permission = { code, description, ...(grantedTo.length > 0 && { grantedTo }) };
  const file = new ModuleFile(root, subgraph).append(['permissions'], permission);
  await change(root, `subgraphs/${subgraph}`, { files: [ModuleFile.pathOf(subgraph)] }, () => file.save());
  print(`
Declared ${code} in subgraphs/${subgraph}/module.yaml. Use it twice:
  @Directive(policy('${code}'))    at the resolver
  permission('${code}')            in subgraphs/${subgraph}/src/permissions.ts`);
}
