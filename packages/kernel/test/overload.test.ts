import { Overload } from '../src/admission/overload.js';

describe('Overload', () => {
  it('lasts longer each time that it comes back at once, and is short again after a pause', () => {
    const overload = new Overload();
    const lengthFrom = (start: number): number => {
      overload.meet(start);
      let length = 0;
      while (overload.lasts(start + length)) length += 1_000;
      return length;
    };
    expect(overload.lasts(0)).toBe(false);
    expect(lengthFrom(0)).toBe(10_000);
    expect(lengthFrom(11_000)).toBe(20_000);
    expect(lengthFrom(32_000)).toBe(40_000);
    expect(lengthFrom(73_000)).toBe(60_000);
    expect(lengthFrom(134_000)).toBe(60_000);
    expect(lengthFrom(300_000)).toBe(10_000);
  });

  it('is not made longer by those who come while it lasts', () => {
    const overload = new Overload();
    for (let now = 0; now < 9_000; now += 10) overload.meet(now);
    expect(overload.lasts(10_001)).toBe(false);
  });
});
