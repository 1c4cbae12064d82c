import { Overload } from '../src/admission/overload.js';

describe('Overload', () => {
  it('lasts longer when it comes back at once, and is short again after a pause', () => {
    const overload = new Overload();
    const lengthFrom = (start: number): number => {
      overload.meet(start);
      let length = 0;
      while (overload.lasts(start + length)) length += 1_000;
      return length;
    };
    expect(overload.lasts(0)).toBe(false);
    expect(lengthFrom(0)).toBe(15_000);
    expect(lengthFrom(16_000)).toBe(60_000);
    expect(lengthFrom(77_000)).toBe(60_000);
    expect(lengthFrom(153_000)).toBe(15_000);
  });

  it('is not made longer by those who come while it lasts', () => {
    const overload = new Overload();
    for (let now = 0; now < 14_000; now += 10) overload.meet(now);
    expect(overload.lasts(15_001)).toBe(false);
  });
});
