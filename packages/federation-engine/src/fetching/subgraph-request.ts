import { type ExactFields, parseJson } from '@platform/foundation/json';
import type { SubgraphRequest } from '../base/endpoint.js';
import type { RequestTemplate } from '../plan/request-template.js';

/** A request whose JSON text is made once; its variables are objects only for endpoints that look at them. */
export class PreparedRequest implements SubgraphRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly body: string;
  readonly exactFields: ExactFields;
  private readonly variablesText: string;

  /** @param variables the JSON text of the variables. */
  constructor(
    template: RequestTemplate,
    variables: string,
    readonly maxResponseBytes?: number,
  ) {
    this.query = template.query;
    this.operationName = template.operationName;
    this.variablesText = variables;
    this.body = template.body(variables);
    this.exactFields = template.exactFields;
  }

  get variables(): Record<string, unknown> {
    return parseJson(this.variablesText) as Record<string, unknown>;
  }

  toJSON(): SubgraphRequest {
    return { query: this.query, variables: this.variables, operationName: this.operationName };
  }
}
