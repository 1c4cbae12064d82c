import { shop } from '@platform/shop';
import { useSubgraph } from '@platform/testkit';
import { CHANGED, UPDATE } from './operations.js';
import { guest, productOf, user } from './people.js';

describe('productChanged', () => {
  const harness = useSubgraph(shop);

  it('has each product that is created', async () => {
    const events = await guest(harness).subscribe(CHANGED);
    const product = await productOf(user(harness));
    expect((await events.next()).value).toEqual({ data: { productChanged: product } });
    await events.return?.();
  });

  it('has the updates of one product', async () => {
    const owner = user(harness);
    const { id } = await productOf(owner);
    const events = await guest(harness).subscribe(CHANGED, { id });
    await productOf(owner);
    const { updateProduct } = await owner.data(UPDATE, { id, input: { name: 'Another name', version: 1 } });
    expect((await events.next()).value).toEqual({ data: { productChanged: updateProduct } });
    await events.return?.();
  });

  it('is refused to who may not see products', async () => {
    const events = await harness.asAnonymous([]).subscribe(CHANGED);
    const { value } = await events.next();
    expect(value.errors).toMatchObject([{ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }]);
  });
});
