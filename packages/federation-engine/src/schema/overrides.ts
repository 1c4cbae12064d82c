import { createHash } from 'node:crypto';
import { type DocumentNode, Kind, visit } from 'graphql';

/** Whether the override with this label is in effect for the caller of one request. */
export type Overrides = (label: string) => boolean;

/** Label to whether its override is in effect: for everybody, for nobody, or for so many per cent of the callers. */
export type OverrideRollout = Readonly<Record<string, boolean | number>>;

/** Nothing is overridden: what an operation gets when nobody decides. */
export const noOverrides: Overrides = () => false;

/** What applies to one caller, always the same for the same `caller`. `percent(n)` needs no entry of its own; other labels without one are off. */
export const overridesFor =
  (shares: OverrideRollout, caller: string): Overrides =>
  (label) => {
    const share = shares[label] ?? percentOf(label);
    return typeof share === 'boolean' ? share : rolloutBucket(label, caller) < share;
  };

/** Every label of the supergraph's progressive `@override`s, sorted. */
export function overrideLabels(supergraph: DocumentNode): readonly string[] {
  const labels = new Set<string>();
  visit(supergraph, {
    enter: (node) => {
      if (node.kind !== Kind.DIRECTIVE || node.name.value !== 'join__field') return;
      const label = node.arguments?.find(({ name }) => name.value === 'overrideLabel')?.value;
      if (label?.kind === Kind.STRING) labels.add(label.value);
    },
  });
  return [...labels].sort();
}

const percentOf = (label: string): number => Number(/^percent\((\d+(?:\.\d+)?)\)$/.exec(label)?.[1] ?? 0);

/** From 0 up to, not including, 100; evenly spread over callers, and independent from label to label. */
function rolloutBucket(label: string, caller: string): number {
  const digest = createHash('sha256').update(`${label}\n${caller}`).digest();
  return (digest.readUInt32BE(0) / 2 ** 32) * 100;
}
