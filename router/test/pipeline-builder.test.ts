import type { Caller } from '@platform/auth';
import type { Answer, IncomingOperation } from '../src/operation.js';
import { PipelineBuilder } from '../src/pipeline-builder.js';
import type { AnswerStage, AroundStage, BeforeStage } from '../src/stage.js';

const steps: string[] = [];

const signIn: BeforeStage<never, 'caller'> = async () => ({ caller: { userId: 'ada' } as Caller });

const provideCaller: AroundStage<never, 'caller'> = (_context, next) => next({ caller: { userId: 'ada' } as Caller });

const count: BeforeStage<'caller'> = ({ caller }) => {
  steps.push(`count ${caller.userId}`);
};

const greet: AroundStage<'caller'> = async (_context, next) => {
  steps.push('greet');
  const answer = await next();
  steps.push('say goodbye');
  return answer;
};

const hello: AnswerStage<'caller'> = async ({ caller }) => ({ result: { data: { hello: caller.userId } } });

const refuse: BeforeStage = () => {
  throw new Error('refused');
};

const run = (pipeline: (operation: IncomingOperation) => Promise<Answer>): Promise<Answer> =>
  pipeline({ request: { query: '{ hello }' } } as IncomingOperation);

beforeEach(() => {
  steps.length = 0;
});

describe('the pipeline', () => {
  it('runs its stages in order, and those around others on the way out too', async () => {
    const pipeline = new PipelineBuilder().before(signIn).around(greet).before(count).answer(hello);

    expect(await run(pipeline)).toEqual({ result: { data: { hello: 'ada' } } });
    expect(steps).toEqual(['greet', 'count ada', 'say goodbye']);
  });

  it('ends where a stage refuses the operation', async () => {
    const pipeline = new PipelineBuilder().before(signIn).before(refuse).before(count).answer(hello);

    await expect(run(pipeline)).rejects.toThrow('refused');
    expect(steps).toEqual([]);
  });

  it('ends where a stage answers, and goes on where it does not', async () => {
    const only = (query: string): AnswerStage<never, Answer | undefined> => {
      return async ({ request }) => (request.query === query ? { result: { data: { query } } } : undefined);
    };
    const answering = (query: string) =>
      run(new PipelineBuilder().before(signIn).answerSome(only(query)).before(count).answer(hello));

    expect(await answering('{ hello }')).toEqual({ result: { data: { query: '{ hello }' } } });
    expect(steps).toEqual([]);
    expect(await answering('{ bye }')).toEqual({ result: { data: { hello: 'ada' } } });
    expect(steps).toEqual(['count ada']);
  });

  // The compiler holds these against the table: a directive without an error below it is an error itself.
  it('does not compile with a stage before what it needs, or under a verb that hides what it does', () => {
    const table = () => new PipelineBuilder();
    const wrong = [
      // @ts-expect-error the caller is not known yet
      () => table().before(count),
      // @ts-expect-error nor is it here: the stage that finds it out comes later
      () => table().around(greet).before(signIn),
      // @ts-expect-error nor where an answer is made
      () => table().answer(hello),
      // @ts-expect-error who acts on the way out stands at `around`
      () => table().before(signIn).before(greet),
      // @ts-expect-error and who acts on the way in alone does not
      () => table().before(signIn).around(count),
      // @ts-expect-error what is provided by a stage that may be left out cannot be counted on
      () => table().aroundIf(provideCaller).before(count),
      // @ts-expect-error a stage provides what it says
      (): BeforeStage<never, 'caller'> => () => ({ engine: undefined }),
    ];
    expect(wrong).toHaveLength(7);
  });
});
