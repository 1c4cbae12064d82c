import type { Answer, Fact, IncomingOperation, OperationFacts, Pipeline } from './operation.js';
import type { AnswerStage, AroundStage, BeforeStage } from './stage.js';
import { traced, tracedAround } from './traced.js';

/** An operation whose facts come one after another. That they come in time has been checked by types. */
type Context = IncomingOperation & OperationFacts;

type Before = BeforeStage<Fact, Fact>;
type Around = (context: Context, next: (facts?: Partial<OperationFacts>) => Promise<Answer>) => Promise<Answer>;
type Rest = (context: Context) => Promise<Answer>;

/** Rows of the table; those that act on the way in alone are one where they follow each other. */
type Row =
  | { readonly way: 'in'; readonly stages: Before[] }
  | { readonly way: 'in and out'; readonly stage: Around }
  | { readonly way: 'answer'; readonly stage: AnswerStage<Fact, Answer | undefined> };

/**
 * The table of stages, outermost first. A row does not compile before the rows that provide what its stage needs, nor under a verb that
 * says less of its stage than it does: what stands at `before` acts on the way in alone, what stands at `around` on the way out as well.
 *
 * @example
 * new PipelineBuilder()
 *   .around(maskErrors(failures))
 *   .before(authenticate(tokens, callers), 'graphql.authenticate')
 *   .before(limitByUser(limits)) // needs the caller
 *   .answer(execute(engine));
 */
export class PipelineBuilder<Known extends Fact = never> {
  private readonly rows: Row[] = [];

  /** On the way in. @param span of the stage's own work. */
  before<Needs extends Known, Provides extends Fact>(
    stage: BeforeStage<Needs, Provides>,
    span?: string,
  ): PipelineBuilder<Known | Provides> {
    const row = traced(span, stage as unknown as Before);
    const above = this.rows.at(-1);
    if (above?.way !== 'in') return this.add({ way: 'in', stages: [row] });
    above.stages.push(row);
    return this.known();
  }

  /** On the way in and on the way out. @param span of the stage's own work, as far as the way in. */
  around<Needs extends Known, Provides extends Fact>(
    stage: AroundStage<Needs, Provides>,
    span?: string,
  ): PipelineBuilder<Known | Provides> {
    return this.add({ way: 'in and out', stage: tracedAround(span, stage as unknown as Around) });
  }

  /** The same for a stage that some routers do without: nothing after it can count on it. */
  aroundIf<Needs extends Known>(
    stage: AroundStage<Needs> | undefined | null | false,
    span?: string,
  ): PipelineBuilder<Known> {
    return stage ? this.around(stage, span) : this;
  }

  /** Answers some operations; the others go on. */
  answerSome<Needs extends Known>(
    stage: AnswerStage<Needs, Answer | undefined>,
    span?: string,
  ): PipelineBuilder<Known> {
    return this.add({ way: 'answer', stage: traced(span, stage) as AnswerStage<Fact, Answer | undefined> });
  }

  /** Answers every operation that gets here. */
  answer<Needs extends Known>(stage: AnswerStage<Needs>, span?: string): Pipeline {
    const last = traced(span, stage) as Rest;
    return this.rows.reduceRight(beforeRest, last) as Pipeline;
  }

  private add<Now extends Fact>(row: Row): PipelineBuilder<Now> {
    this.rows.push(row);
    return this.known();
  }

  private known<Now extends Fact>(): PipelineBuilder<Now> {
    return this as PipelineBuilder<Fact> as PipelineBuilder<Now>;
  }
}

function beforeRest(rest: Rest, row: Row): Rest {
  switch (row.way) {
    case 'in':
      return async (context) => {
        for (const stage of row.stages) {
          const facts = stage(context);
          Object.assign(context, facts instanceof Promise ? await facts : facts);
        }
        return rest(context);
      };
    case 'in and out':
      return (context) => row.stage(context, (facts) => rest(Object.assign(context, facts)));
    case 'answer':
      return async (context) => (await row.stage(context)) ?? rest(context);
  }
}
