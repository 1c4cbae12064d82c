import { print } from 'graphql';
import type { Selection } from './selection-tree.js';

/** Numbers for selections: equal for those that ask for the same, in whichever order. */
export class SelectionTexts {
  private readonly numbers = new Map<string, number>();
  private readonly known = new Map<Selection, number>();

  of(selection: Selection): number {
    const known = this.known.get(selection);
    if (known !== undefined) return known;
    const text = this.text(selection);
    const number = this.numbers.get(text) ?? this.numbers.size;
    this.numbers.set(text, number);
    this.known.set(selection, number);
    return number;
  }

  private text(selection: Selection): string {
    const { conditions, selections = [] } = selection;
    const below = [...new Set(selections.map((each) => this.of(each)))].sort((one, other) => one - other).join();
    const when = conditions
      .map(({ variable, skip }) => `${skip}${variable}`)
      .sort()
      .join();
    if (selection.kind === 'fragment') {
      return `...${selection.typeCondition?.name} ${selection.deferral?.id} ${when} {${below}}`;
    }
    const { node, responseName } = selection;
    const given = (node.arguments ?? []).map(print).sort().join();
    return `${responseName} ${node.name.value}(${given}) ${when} {${below}}`;
  }
}
