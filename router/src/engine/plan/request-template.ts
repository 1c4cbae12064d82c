/** A request to a subgraph up to the values of its variables. */
export class RequestTemplate {
  private readonly beginning: string;

  constructor(
    readonly query: string,
    readonly operationName: string | undefined,
    /** The client's variables that it uses. */
    readonly variables: readonly string[],
    /** The answer is declared to be the same for everybody. */
    readonly isPublic = false,
  ) {
    const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
    this.beginning = `{"query":${JSON.stringify(query)}${name},"variables":`;
  }

  /** The request as it travels, given the JSON text of its variables. */
  body(variables: string): string {
    return `${this.beginning}${variables}}`;
  }
}
