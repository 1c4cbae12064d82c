const fragments = (visitor: string) => `
  fragment User on User { id username name${visitor} }
  fragment Review on Review { id body }
  fragment Product on Product { inStock${visitor} name${visitor} price shippingEstimate${visitor} upc weight }`;

const selection = (visitor: string) => `
  users${visitor} {
    ...User
    reviews${visitor} { ...Review product { ...Product reviews${visitor} { ...Review author { ...User reviews${visitor} { ...Review product { ...Product } } } } } }
  }
  topProducts${visitor} {
    ...Product
    reviews${visitor} { ...Review author { ...User reviews${visitor} { ...Review product { ...Product } } } }
  }`;

/** One operation as a benchmark asks it: `{}` in `variables` stands for a number that no two requests share. */
export interface Workload {
  readonly name: string;
  readonly body: string;
  /** The access token that every request carries. */
  readonly token?: string;
}

/** What stands for the number; subgraph servers read past it, so that each answer comes from their cache. */
export const UNIQUE = 'visitor-0000000000';

const workload = (name: string, query: string, variables?: object): Workload => ({
  name,
  body: JSON.stringify({ query, variables, operationName: 'Shop' }),
});

/** The nested query of the public gateway benchmark: the same for everyone. */
export const shared = workload('public scenario', `query Shop {${selection('')}}${fragments('')}`);

/** The same for a caller with a token. */
export const signedIn = (token: string): Workload => ({ ...shared, name: 'signed in', token });

/** The same, to tell what the edge costs. */
export const throughTheEdge: Workload = { ...shared, name: 'through the edge' };

/** The same, to tell what tracing costs. */
export const traced: Workload = { ...shared, name: 'traced' };

/** The same answer, with a variable in every fetch that no other request has. */
export const unique = workload(
  'unique variable',
  `query Shop($visitor: String) {${selection('(for: $visitor)')}}${fragments('(for: $visitor)')}`,
  { visitor: UNIQUE },
);
