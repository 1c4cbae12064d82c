import { shop } from '@platform/shop';
import { useSubgraph } from '@platform/testkit';

describe('shopInfo', () => {
  const harness = useSubgraph(shop);

  it('is read by who may', async () => {
    expect(await harness.asAnonymous(['shop.info.read']).data('{ shopInfo }')).toEqual({ shopInfo: 'shop' });
  });

  it('is refused to others', async () => {
    const { extensions } = await harness.asAnonymous([]).error('{ shopInfo }');
    expect(extensions).toMatchObject({ code: 'UNAUTHORIZED_FIELD_OR_TYPE' });
  });
});
