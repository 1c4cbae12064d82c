/** What a PromQL expression asks of one metric. */
export interface Asked {
  readonly metric: string;
  /** Labels that its selector names. */
  readonly labels: readonly string[];
}

const WORD = '[a-z_][a-zA-Z0-9_]*';
const FUNCTIONS = new Set(['histogram_quantile', 'label_values', 'min_over_time']);

/** The metrics that an expression reads: words before a selector, a range or a closing bracket. */
export const askedBy = (expression: string): Asked[] =>
  [...withoutGroupings(expression).matchAll(/\b([a-z]+_[a-z_0-9]+|up)\b(?:\{([^}]*)\})?(?=\s*[[)<>=,]|\s*$)/g)]
    .map(([, metric = '', selector = '']) => ({ metric, labels: labelsIn(selector) }))
    .filter(({ metric }) => !FUNCTIONS.has(metric));

/** The labels that an expression groups by: these alone does its result have. */
export const groupedBy = (expression: string): string[] =>
  [...expression.matchAll(/\b(?:by|without|on|ignoring) \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(/, */));

/** The labels that a legend or an annotation shows. */
export const shownBy = (text: string): string[] =>
  [...text.matchAll(new RegExp(`\\{\\{ *(?:\\$labels\\.)?(${WORD}) *\\}\\}`, 'g'))].map(([, name = '']) => name);

const labelsIn = (selector: string): string[] =>
  [...selector.matchAll(new RegExp(`(${WORD})\\s*(?:=~|!~|!=|=)`, 'g'))].map(([, name = '']) => name);

const withoutGroupings = (expression: string): string =>
  expression.replaceAll(/\b(?:by|without|on|ignoring) \([^)]*\)/g, '');
