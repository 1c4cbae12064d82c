/** What a caller may do, as far as the supergraph's directives ask. `policies` are the permission codes held. */
export interface Rights {
  readonly authenticated: boolean;
  readonly scopes: ReadonlySet<string>;
  readonly policies: ReadonlySet<string>;
}

/** Nobody: what an operation gets when no caller was resolved. */
export const noRights: Rights = { authenticated: false, scopes: new Set(), policies: new Set() };
