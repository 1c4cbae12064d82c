import type { Selection } from '@platform/federation-engine';

/** How often an operation asks for each root field, under whatever alias and in whatever fragment: `login` → 3. */
export function rootFieldUses(selections: readonly Selection[]): Map<string, number> {
  const uses = new Map<string, number>();
  const count = (within: readonly Selection[]): void => {
    for (const selection of within) {
      if (selection.kind === 'fragment') count(selection.selections);
      else {
        const { name } = selection.definition;
        uses.set(name, (uses.get(name) ?? 0) + 1);
      }
    }
  };
  count(selections);
  return uses;
}
