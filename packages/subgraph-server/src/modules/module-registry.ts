import semver from 'semver';
import { InvalidModules, type ModuleManifest } from './manifest.js';

/** The name that stands for the platform itself in a module's dependencies. */
export const PLATFORM_MODULE = 'platform';

/** The modules of the platform, checked against each other. */
export class ModuleRegistry {
  /** Every module after the ones that it depends on. */
  readonly ordered: readonly ModuleManifest[];

  /** @throws InvalidModules on duplicate names and ports, unknown or unfitting dependencies, cycles, and permissions that are malformed, duplicate or in another's name. */
  constructor(manifests: readonly ModuleManifest[], platformVersion: string) {
    const mistakes = [
      ...duplicates(manifests),
      ...unfitDependencies(manifests, platformVersion),
      ...unfitPermissions(manifests),
    ];
    if (mistakes.length > 0) throw new InvalidModules(mistakes);
    this.ordered = inDependencyOrder(manifests);
  }

  get(name: string): ModuleManifest | undefined {
    return this.ordered.find((module) => module.name === name);
  }
}

function duplicates(manifests: readonly ModuleManifest[]): string[] {
  const names = manifests.map(({ name }) => name);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  const byPort = Map.groupBy(manifests, ({ port }) => port);
  const shared = [...byPort].filter(([, sharing]) => new Set(sharing.map(({ name }) => name)).size > 1);
  return [
    ...[...repeated].map((name) => `two modules are named "${name}"`),
    ...shared.map(([port, [first, second]]) => `"${first?.name}" and "${second?.name}" have the same port ${port}`),
    ...(names.includes(PLATFORM_MODULE)
      ? [`a module cannot be named "${PLATFORM_MODULE}", which is the platform itself`]
      : []),
  ];
}

function unfitDependencies(manifests: readonly ModuleManifest[], platformVersion: string): string[] {
  const versions = new Map(manifests.map(({ name, version }) => [name, version]));
  versions.set(PLATFORM_MODULE, platformVersion);
  return manifests.flatMap(({ name, dependencies }) =>
    Object.entries(dependencies).flatMap(([dependency, range]) => {
      const version = versions.get(dependency);
      if (version === undefined) return [`"${name}" depends on "${dependency}", which is not there`];
      if (semver.validRange(range) === null)
        return [`"${name}" depends on "${dependency}" in the malformed range "${range}"`];
      if (!semver.satisfies(version, range)) {
        return [`"${name}" needs "${dependency}" ${range}, but ${version} is there`];
      }
      return [];
    }),
  );
}

function unfitPermissions(manifests: readonly ModuleManifest[]): string[] {
  const owners = new Map<string, string>();
  const mistakes: string[] = [];
  for (const { name, permissions } of manifests) {
    for (const { code } of permissions) {
      if (!code.startsWith(`${name}.`)) mistakes.push(`"${name}" declares the permission "${code}" of another module`);
      if (owners.has(code)) mistakes.push(`the permission "${code}" is declared twice`);
      owners.set(code, name);
    }
  }
  return mistakes;
}

function inDependencyOrder(manifests: readonly ModuleManifest[]): ModuleManifest[] {
  const byName = new Map(manifests.map((manifest) => [manifest.name, manifest]));
  const ordered: ModuleManifest[] = [];
  const visit = (manifest: ModuleManifest, trail: readonly string[]): void => {
    if (ordered.includes(manifest)) return;
    if (trail.includes(manifest.name)) {
      const cycle = [...trail.slice(trail.indexOf(manifest.name)), manifest.name];
      throw new InvalidModules([`modules depend on each other in a circle: ${cycle.join(' → ')}`]);
    }
    for (const dependency of Object.keys(manifest.dependencies)) {
      const next = byName.get(dependency);
      if (next) visit(next, [...trail, manifest.name]);
    }
    ordered.push(manifest);
  };
  for (const manifest of manifests) visit(manifest, []);
  return ordered;
}
