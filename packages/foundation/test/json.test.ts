import { doubleOf, ExactFields, LosslessNumber, parseJson } from '@platform/foundation/json';
import fc from 'fast-check';

const digits = (most: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: most });

/** Any number that JSON can write. */
const numberText = fc
  .tuple(
    fc.boolean(),
    digits(25).map((text) => text.replace(/^0+(?=.)/, '')),
    fc.option(digits(25), { nil: undefined }),
    fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'E-'), digits(4)), { nil: undefined }),
  )
  .map(
    ([minus, whole, fraction, exponent]) =>
      `${minus ? '-' : ''}${whole}${fraction === undefined ? '' : `.${fraction}`}${exponent?.join('') ?? ''}`,
  );

const space = fc.string({ unit: fc.constantFrom(' ', '\n', '\r', '\t'), maxLength: 2 });
const key = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'a', '0', 'toJSON', 'text', '":1.0', '1.0'),
);

/** Any JSON text, in compact form. */
const { compact } = fc.letrec((tie) => ({
  compact: fc.oneof(
    { maxDepth: 4 },
    numberText,
    fc.oneof(fc.string({ unit: 'binary' }), numberText).map((text) => JSON.stringify(text)),
    fc.constantFrom('true', 'false', 'null'),
    fc.array(tie('compact')).map((items) => `[${items.join(',')}]`),
    fc
      .uniqueArray(fc.tuple(key, tie('compact')), { selector: ([name]) => name })
      .map((fields) => fields.filter(([name]) => !/^\d+$/.test(name)))
      .map((fields) => `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`),
  ),
}));

describe('parseJson', () => {
  it('gives back every text as it was, numbers of any size and spelling included', () => {
    fc.assert(
      fc.property(compact as fc.Arbitrary<string>, (text) => {
        expect(JSON.stringify(parseJson(text))).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads what JSON.parse reads, and refuses what it refuses', () => {
    const noise = fc.oneof(
      fc.constantFrom(...'{}[],:"\\ \n\u0000eE+-.0019'),
      fc.constantFrom('1.0', '-0', '01', '1.', '.5', '1e', 'tru', '\\u12', '"a\nb"', '\ufeff', '12345678901234567890'),
    );
    const mangled = fc
      .tuple(
        compact as fc.Arbitrary<string>,
        space,
        fc.array(fc.tuple(fc.nat(), noise, fc.boolean()), { maxLength: 2 }),
      )
      .map(([text, white, changes]) =>
        changes.reduce(
          (changed, [place, piece, replaces]) => {
            const at = place % (changed.length + 1);
            return changed.slice(0, at) + piece + changed.slice(at + (replaces ? 1 : 0));
          },
          text.replaceAll(',', `${white},${white}`),
        ),
      );
    fc.assert(
      fc.property(mangled, (text) => {
        expect(read(() => doubles(parseJson(text)))).toEqual(read(() => JSON.parse(text)));
      }),
      { numRuns: 4_000 },
    );
  });

  it.each([
    '1.0',
    '-0',
    '1e2',
    '1E400',
    '0.1234567890123456789',
    '9007199254740993',
    '0.0000001',
    '-0.0',
    '100000000000000000001',
  ])('keeps %s, wherever it stands', (text) => {
    for (const around of ['*', '[*]', '{"a":*}', '{"a" :*}', ' { "a" : [ 1 , * ] } ', '\n*\t', '{"a":"b","c":* }']) {
      const found = JSON.stringify(parseJson(around.replace('*', text)));
      expect(found).toBe(around.replace('*', text).replaceAll(/\s/g, ''));
    }
    expect(parseJson(text)).toEqual(new LosslessNumber(text));
  });

  it.each(['0', '-1', '1.5', '123456789012345', '9007199254740991', '0.000001', '-12.25'])(
    'knows %s as a double',
    (text) => {
      expect(parseJson(text)).toBe(Number(text));
    },
  );

  it('keeps numbers of the fields that it is told of, wherever they stand, and looks for none where no such field has any', () => {
    const fields = new ExactFields(['id', 'note']);
    const kept = [
      '{"id":*}',
      '{"a":[{"b":1},{"id" :\n *}]}',
      '{"note":[[1,*]]}',
      '{"note":{"a":{"b":*}}}',
      '{"id":-*}',
    ];
    const left = ['{"a":*}', '{"id":"*","a":[*]}', '{"id":null,"note":"[*]","b":*}', '{"an_id":*}'];
    for (const text of ['1.0', '9007199254740993', '1e400']) {
      for (const around of kept) {
        const json = around.replace('*', text);
        expect(JSON.stringify(parseJson(json, fields))).toBe(json.replaceAll(/\s/g, ''));
      }
      for (const around of left) {
        const json = around.replaceAll('*', text);
        expect(parseJson(json, fields)).toEqual(JSON.parse(json));
      }
    }
  });

  it('refuses what is nested too deeply, instead of running out of stack', () => {
    for (const levels of [1_001, 100_000]) {
      expect(() => parseJson(`${'['.repeat(levels)}1.0${']'.repeat(levels)}`)).toThrow(SyntaxError);
    }
  });
});

/** As JSON.parse would have it. */
function doubles(value: unknown): unknown {
  if (value instanceof LosslessNumber) return Number(value);
  if (Array.isArray(value)) return value.map(doubles);
  if (typeof value !== 'object' || value === null) return value;
  const copy = JSON.parse(JSON.stringify(value)) as object;
  return copy;
}

function read(parse: () => unknown): unknown {
  try {
    return { value: parse() };
  } catch (error) {
    return (error as Error).name;
  }
}

describe('doubleOf', () => {
  /** Digits before a power of ten: the number itself, which no double rounds. */
  const exact = (text: string): readonly [bigint, number] => {
    const [, digits = '', fraction = '', exponent = '0'] = /^(-?\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
    return [BigInt(digits + fraction), Number(exponent) - fraction.length];
  };
  const areEqual = (one: string, other: string): boolean => {
    const [[a, m], [b, n]] = [exact(one), exact(other)];
    const least = Math.min(m, n);
    return a * 10n ** BigInt(m - least) === b * 10n ** BigInt(n - least);
  };

  it('is the number in the spelling of JavaScript, or nothing', () => {
    const modest = numberText.filter((text) => Math.abs(Number(/e(.*)$/i.exec(text)?.[1] ?? 0)) < 400);
    fc.assert(
      fc.property(modest, (text) => {
        const double = doubleOf(new LosslessNumber(text));
        const nearest = Number(text);
        const isSame = Number.isFinite(nearest) && areEqual(text, String(nearest));
        expect(double).toBe(isSame ? nearest + 0 : undefined);
      }),
      { numRuns: 2_000 },
    );
  });

  it('knows every double in other spellings', () => {
    const spelled = [
      (x: number) => x.toExponential(),
      (x: number) => `${BigInt(x)}.00`,
      (x: number) => `${BigInt(x)}e0`,
    ];
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom(...spelled), (value, spell) => {
        expect(doubleOf(new LosslessNumber(spell(value)))).toBe(value + 0);
      }),
    );
  });
});
