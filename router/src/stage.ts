import type { Answer, Fact, OperationContext, OperationFacts } from './operation.js';

/**
 * What happens to every operation on its way in: the stage returns the facts that it provides, or refuses the operation by throwing.
 * It never sees the answer.
 *
 * @example
 * const parse = (): BeforeStage<'engine' | 'request', 'document'> => ({ engine, request }) =>
 *   ({ document: engine.parse(request.query) });
 */
export type BeforeStage<Needs extends Fact = never, Provides extends Fact = never> = (
  context: OperationContext<Needs>,
) => Provided<Provides> | Promise<Provided<Provides>>;

/** What happens on the way in and on the way out: the stage hands the facts that it provides to `next`, and may change the answer. */
export type AroundStage<Needs extends Fact = never, Provides extends Fact = never> = (
  context: OperationContext<Needs>,
  next: Next<Provides>,
) => Promise<Answer>;

/** What the operation comes to. Undefined leaves it to the stages after this one. */
export type AnswerStage<Needs extends Fact = never, Outcome extends Answer | undefined = Answer> = (
  context: OperationContext<Needs>,
) => Promise<Outcome>;

/** Lets the rest of the pipeline answer. */
export type Next<Provides extends Fact = never> = [Provides] extends [never]
  ? () => Promise<Answer>
  : (facts: Pick<OperationFacts, Provides>) => Promise<Answer>;

type Provided<Provides extends Fact> = [Provides] extends [never] ? undefined : Pick<OperationFacts, Provides>;
