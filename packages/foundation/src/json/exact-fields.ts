/** The fields of a JSON text whose numbers have to be exact, by their names: of those that a double changes in other fields nothing is lost. */
export class ExactFields {
  private readonly beginning: RegExp;

  /** @param names as GraphQL allows them. */
  constructor(readonly names: readonly string[]) {
    this.beginning = new RegExp(`"(?:${names.join('|')})"\\s*:\\s*[-\\d[{]`);
  }

  /** Whether one of them may hold a number, itself or further down. Strings that look so count as well. */
  mayHoldNumbers(text: string): boolean {
    return this.beginning.test(text);
  }
}
