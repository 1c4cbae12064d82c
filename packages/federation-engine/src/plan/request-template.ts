import { ExactFields } from '@platform/foundation/json';

/** What is known of a request before anything is fetched. */
export interface RequestContents {
  readonly query: string;
  readonly operationName: string | undefined;
  /** The client's variables that it uses. */
  readonly variables: readonly string[];
  /** Everything that it selects is declared to be the same for everybody. */
  readonly isPublic: boolean;
  /** The response names of fields whose numbers have to be exact. */
  readonly exactFields: readonly string[];
}

/** A request to a subgraph up to the values of its variables. */
export class RequestTemplate {
  readonly query: RequestContents['query'];
  readonly operationName: RequestContents['operationName'];
  readonly variables: RequestContents['variables'];
  readonly isPublic: RequestContents['isPublic'];
  /** Where in the answer numbers have to be exact. */
  readonly exactFields: ExactFields;
  private readonly beginning: string;

  constructor({ query, operationName, variables, isPublic, exactFields }: RequestContents) {
    this.query = query;
    this.operationName = operationName;
    this.variables = variables;
    this.isPublic = isPublic;
    this.exactFields = new ExactFields(exactFields);
    const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
    this.beginning = `{"query":${JSON.stringify(query)}${name},"variables":`;
  }

  /** The request as it travels, given the JSON text of its variables. */
  body(variables: string): string {
    return `${this.beginning}${variables}}`;
  }
}
