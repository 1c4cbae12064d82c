import type { ASTNode, DocumentNode, Location } from 'graphql';

/** What a node takes, with its place in the text, in bytes. */
const PER_NODE = 250;

/** A document as what is derived from it may hold it. */
export interface RetainedDocument {
  readonly document: DocumentNode;
  /** What it takes with its text, in bytes. */
  readonly weight: number;
}

/**
 * A copy that holds no tokens. Every token of the parser holds its neighbours, so that one node keeps all that was written around it,
 * comments too. Places stay, for errors that name them; with them stays the text.
 */
export function retainedDocument(document: DocumentNode): RetainedDocument {
  let nodes = 0;
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== 'object' || value === null) return value;
    nodes += 1;
    const node: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(value))
      node[key] = key === 'loc' ? place(inner as ASTNode['loc']) : copy(inner);
    return node;
  };
  const kept = copy(document) as DocumentNode;
  return { document: kept, weight: nodes * PER_NODE + 2 * (document.loc?.source.body.length ?? 0) };
}

/** What errors read of a place, and nothing else. */
const place = (loc: ASTNode['loc']): Pick<Location, 'start' | 'end' | 'source'> | undefined =>
  loc && { start: loc.start, end: loc.end, source: loc.source };
