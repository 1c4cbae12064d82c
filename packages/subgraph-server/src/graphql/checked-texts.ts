import { BadUserInput } from '@platform/foundation/errors';
import { unstorable } from '@platform/foundation/text';
import { type DocumentNode, Kind, type ValueNode, visit } from 'graphql';

/** Objects and lists within each other, in whatever JSON a client sends. */
const MAX_DEPTH = 10_000;
/** Mistakes that are told at once. */
const MAX_MISTAKES = 10;
/** Characters of a path that is told. */
const MAX_PATH = 200;

/** One value of an input, and where it stands. */
interface Place {
  readonly path: string;
  readonly depth: number;
  readonly value: unknown;
}

/** What a value consists of: a text, or values with their names, or neither. */
type Parts = (value: unknown) => string | readonly (readonly [string, unknown])[] | undefined;

/** Documents that have been found good: many requests share one. */
const good = new WeakSet<DocumentNode>();

/**
 * Looks at every text that a request brings, once each, whatever stands in its way to a resolver: arguments, variables, nested
 * inputs, free JSON, representations of entities. @throws BadUserInput for texts that cannot be stored, or compared in linear time.
 */
export function checkTexts(document: DocumentNode, variables: Record<string, unknown> = {}): void {
  refuse(mistakesIn(Object.entries(variables), partsOfJson));
  if (good.has(document)) return;
  refuse(mistakesIn(literalsOf(document), partsOfLiteral));
  good.add(document);
}

function refuse(mistakes: Record<string, string>): void {
  if (Object.keys(mistakes).length > 0) throw new BadUserInput(mistakes);
}

/** Without recursion: what a client nests must not use up the stack. */
function mistakesIn(roots: readonly (readonly [string, unknown])[], partsOf: Parts): Record<string, string> {
  const mistakes: [string, string][] = [];
  const waiting: Place[] = roots.map(([path, value]) => ({ path, depth: 0, value }));
  for (let place = waiting.pop(); place && mistakes.length < MAX_MISTAKES; place = waiting.pop()) {
    const { path, depth } = place;
    const parts = partsOf(place.value);
    if (parts === undefined) continue;
    const mistake = typeof parts === 'string' ? unstorable(parts) : undefined;
    if (mistake) mistakes.push([path, mistake]);
    if (typeof parts === 'string') continue;
    if (depth >= MAX_DEPTH) mistakes.push([path, `At most ${MAX_DEPTH} levels.`]);
    else
      for (const [name, value] of parts) {
        const unfit = unstorable(name);
        if (unfit) mistakes.push([path, unfit]);
        else waiting.push({ path: `${path}.${name}`.slice(0, MAX_PATH), depth: depth + 1, value });
      }
  }
  return Object.fromEntries(mistakes);
}

function partsOfJson(value: unknown): ReturnType<Parts> {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? Object.entries(value) : undefined;
}

function partsOfLiteral(value: unknown): ReturnType<Parts> {
  const node = value as ValueNode;
  switch (node.kind) {
    case Kind.STRING:
      return node.value;
    case Kind.LIST:
      return node.values.map((item, index) => [String(index), item] as const);
    case Kind.OBJECT:
      return node.fields.map((field) => [field.name.value, field.value] as const);
    default:
      return undefined;
  }
}

function literalsOf(document: DocumentNode): (readonly [string, unknown])[] {
  const literals: (readonly [string, unknown])[] = [];
  visit(document, {
    Argument: ({ name, value }) => {
      literals.push([name.value, value]);
      return false;
    },
    VariableDefinition: ({ variable, defaultValue }) => {
      if (defaultValue) literals.push([variable.name.value, defaultValue]);
      return false;
    },
  });
  return literals;
}
