import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import {
  body,
  description,
  emailAddress,
  locale,
  opaque,
  password,
  personName,
  readCondition,
  readIfFit,
  reason,
  search,
  slug,
  spelledPassword,
  type TextKind,
  tag,
  title,
  UnfitText,
  username,
} from '@platform/foundation/text';

const LINES: Record<string, TextKind> = { personName, title, tag, reason, opaque: opaque(200) };
const ALL: Record<string, TextKind> = { ...LINES, body: body(5_000), description, search };

describe('every kind of text', () => {
  it.each([
    ['a lone surrogate', 'a\ud800b'],
    ['a lone low surrogate', '\udc00'],
    ['NUL', 'a\0b'],
    ['another control character', 'a\u0007b'],
    ['one of C1', 'a\u0085b'],
    ['nothing', ''],
    ['spaces alone', ' \u00a0\u3000'],
    ['characters that nobody sees alone', '\u200b\u2060\ufeff\u00ad\u034f'],
    ['letters that nobody sees alone', '\u3164\u115f\uffa0\u2800'],
    ['marks on nothing', '\u0301\u0302'],
    ['tags and variation selectors alone', '\u{e0041}\ufe0f'],
    ['more combining marks than any script has', `a${'\u0301\u0323'.repeat(16)}`],
    ['letters that become combining marks', `a${'\uff9e\u0334'.repeat(16)}`],
  ])('refuses %s', (_what, text) => {
    for (const [name, kind] of Object.entries(ALL)) expect([name, readIfFit(kind, text)]).toEqual([name, undefined]);
  });

  it.each([
    'Zoë',
    'José Ångström',
    "O'Neill-Smith",
    '山田太郎',
    'محمد',
    'नरेंद्र',
    'علی‌رضا',
    '👩‍👩‍👧',
    '❤️‍🔥',
    'Nguyễn',
    '🏳️‍🌈',
  ])('takes %s', (text) => {
    for (const [name, kind] of Object.entries(ALL)) {
      const spelled = kind === tag ? text.toLowerCase() : text;
      expect([name, readIfFit(kind, text)]).toEqual([name, spelled]);
    }
  });
});

describe('texts of one line', () => {
  it.each([
    ['a line break', 'a\nb'],
    ['a carriage return', 'a\rb'],
    ['a tab', 'a\tb'],
    ['a line separator', 'a\u2028b'],
    ['a paragraph separator', 'a\u2029b'],
    ['an override of direction', 'abc\u202etxt.exe'],
    ['an embedding of direction', '\u202aabc'],
    ['an isolate of direction', 'a\u2067b\u2069'],
  ])('refuse %s', (_what, text) => {
    for (const [name, kind] of Object.entries(LINES)) expect([name, readIfFit(kind, text)]).toEqual([name, undefined]);
    expect(body(10).read('a\n\tb\r\n')).toBe('a\n\tb\r\n');
  });
});

describe('names and tags', () => {
  it.each([
    ['a zero-width space', 'Bo\u200bb'],
    ['a joiner between letters that do not join', 'Bo\u200db'],
    ['a joiner at the end', 'Bob\u200c'],
    ['a mark of direction', 'Bob\u200e'],
    ['a soft hyphen', 'Bo\u00adb'],
    ['a variation of a letter', 'Bob\ufe0f'],
    ['a variation of a letter with an accent', 'Zoe\u0308\ufe0f'],
    ['a variation of Han after another letter', 'é\u{e0100}'],
    ['a variation of Mongolian after another letter', 'é\u180b'],
    ['a variation of a variation', '葛\u{e0100}\u{e0101}'],
    ['hidden tags', 'Bob\u{e0062}'],
    ['a filler', 'Bob\u3164'],
  ])('refuse %s', (_what, text) => {
    expect([readIfFit(personName, text), readIfFit(tag, text)]).toEqual([undefined, undefined]);
  });

  it.each(['葛\u{e0100}城', '㐂\ufe00', '辻\u{e0101}', 'ᠮᠣᠩᠭᠣᠯ\u180b', 'ᠡ\u180eᠡ'])(
    'take the variations of %s',
    (text) => {
      expect([personName.read(text), tag.read(text)]).toEqual([text, text]);
    },
  );

  it('have one spelling', () => {
    expect(personName.read('  Zoe\u0308   van \u00a0 Dam ')).toBe('Zoë van Dam');
    expect(tag.read('\uff27\uff32\u00c4\u00df\u00c9   b')).toBe('gräßé b');
    expect(tag.read('İ')).toBe(tag.read(tag.read('İ')));
  });
});

const LINKED = [
  'see t.co/Ab1',
  'x.com/ev',
  'x.com',
  'T.CO',
  'see evil.example',
  'EVIL.COM',
  'Bit.Ly',
  'Go.Dev',
  'Abc.Com',
  'Dr.Smith/now',
  'Dr.Smith.com',
  'WWW.a',
  'http://a',
  'नरेंद्र.com',
];

describe('names', () => {
  it.each([
    'Md.Abdul',
    'Dr.Smith',
    'Dr.Smith-Jones',
    'J.R.R. Tolkien',
    'J.Smith',
    'St. John',
    'Prof. Dr. Meier',
    'Mary J. B.',
  ])('take %s', (text) => expect(personName.read(text)).toBe(text));

  it.each(LINKED)('refuse the link of %s', (text) => expect(readIfFit(personName, text)).toBeUndefined());

  // V8 stops optimizing expressions in a process that has compiled much.
  it('refuse links also where V8 does not optimize expressions', () => {
    const program = `import { personName, readIfFit } from '@platform/foundation/text';
      console.log(JSON.stringify(${JSON.stringify(LINKED)}.filter((text) => readIfFit(personName, text) !== undefined)));`;
    const node = ['--no-regexp-optimization', '--input-type=module', '--eval', program];
    const taken = execFileSync(process.execPath, node, {
      cwd: join(projectRoot(), 'subgraphs/blog'),
      encoding: 'utf8',
    });
    expect(JSON.parse(taken)).toEqual([]);
  });
});

describe('lengths', () => {
  it('count code points of the spelling that is kept', () => {
    expect(title.read('🖋'.repeat(200))).toBe('🖋'.repeat(200));
    expect(readIfFit(title, 'x'.repeat(201))).toBeUndefined();
    expect(personName.read('e\u0302\u0323'.repeat(100))).toBe('ệ'.repeat(100));
    expect(() => personName.read('x'.repeat(101))).toThrow(UnfitText);
    expect([...tag.read('İ'.repeat(25))]).toHaveLength(50);
    expect(readIfFit(tag, 'İ'.repeat(26))).toBeUndefined();
  });
});

describe('an e-mail address', () => {
  it('has one spelling', () => {
    for (const text of [
      ' Bob@BÜCHER.test',
      'bob@xn--bcher-kva.test',
      'bob@XN--BCHER-KVA.TEST',
      'bob@bu\u0308cher.test',
      'ｂob@bücher。test',
    ])
      expect(emailAddress.read(text)).toBe('bob@bücher.test');
    expect(emailAddress.read('用户@例え.テスト')).toBe('用户@例え.テスト');
    expect(emailAddress.read('a.b+c@localhost')).toBe('a.b+c@localhost');
  });

  it.each([
    'x@127.0.0.1',
    'x@１２７.0.0.1',
    'x@127.1',
    'x@0x7f.0.0.1',
    'x@2130706433',
    'x@[127.0.0.1]',
    'x@[::1]',
    'x@host.1',
    'x@a.0x',
    `x@${'a'.repeat(64)}.test`,
    `x@${'ü'.repeat(60)}.test`,
    `${'x'.repeat(65)}@example.com`,
    `x@${'a.'.repeat(126)}test`,
    'x@a..b',
    'x@-a.test',
    'x@a-.test',
    '.x@a.test',
    'x.@a.test',
    'x y@a.test',
    '"x"@a.test',
    'x@@a.test',
    'x@a',
    '@a.test',
    'x@',
    'x\u200b@a.test',
    'x\u3164@a.test',
    'x@a\u200d.test',
    'x@xn--a-ecp.test\u202e',
    'x\n@a.test',
    'x@a.test\ud800',
    'x@a%41.test',
    'x@a_b.test',
    `${'a\u0301\u0323'.repeat(50_000)}@a.test`,
  ])('is not %j', (text) => expect(readIfFit(emailAddress, text)).toBeUndefined());
});

describe('other kinds', () => {
  it('know their form', () => {
    expect(locale.read('DE-ch')).toBe('de-CH');
    for (const text of ['', 'x', 'no tag', `en-x-${'a-'.repeat(90_000)}a`, 'en_US', 'en\0'])
      expect([text.slice(0, 9), readIfFit(locale, text)]).toEqual([text.slice(0, 9), undefined]);
    expect(username.read(' Ada.L ')).toBe('Ada.L');
    for (const text of ['ab', '-ab', 'ädä', 'a b', 'x'.repeat(33)]) expect(readIfFit(username, text)).toBeUndefined();
    expect(slug.read('a-1')).toBe('a-1');
    for (const text of ['A', 'a--b', '-a', 'a\n', 'x'.repeat(101)]) expect(readIfFit(slug, text)).toBeUndefined();
  });

  it('count a password as it is kept', () => {
    expect(readIfFit(password, 'e\u0301'.repeat(7))).toBeUndefined();
    expect(password.read('e\u0301'.repeat(8))).toBe('é'.repeat(8));
    expect(readIfFit(password, 'ﷺ'.repeat(8))).toBeUndefined();
    expect(spelledPassword('e\u0301'.repeat(100_000))).toBe('');
  });

  it('take a blank condition for none', () => {
    for (const text of [null, undefined, '', '  ', '\u200b']) expect(readCondition(search, text)).toBeUndefined();
    expect(readCondition(search, ' x ')).toBe('x');
  });
});
