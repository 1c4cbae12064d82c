import { OperatorError } from '@platform/foundation/errors';

const BEGIN = /^( *)# generated: (\S+)/;
const END = /^ *# end of generated/;

/** A file lacks the marks of a part that is generated, or has one that nobody generates. */
class UnfitRegions extends OperatorError {
  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
  }
}

/**
 * The text with the lines between `# generated: <name>` and `# end of generated` replaced, indented as their mark is.
 * @param regions every region of the file, by name. @throws UnfitRegions
 */
export function withRegions(path: string, text: string, regions: Readonly<Record<string, readonly string[]>>): string {
  const missing = new Set(Object.keys(regions));
  let inside = false;
  const lines = text.split('\n').flatMap((line) => {
    const [, indent = '', name] = BEGIN.exec(line) ?? [];
    if (name !== undefined) {
      const content = regions[name];
      if (!content) throw new UnfitRegions(path, `nothing generates the region ${name}`);
      missing.delete(name);
      inside = true;
      return [line, ...content.map((each) => indent + each)];
    }
    if (END.test(line)) inside = false;
    return inside ? [] : [line];
  });
  if (inside) throw new UnfitRegions(path, 'a generated region has no end');
  if (missing.size > 0) throw new UnfitRegions(path, `there is no region ${[...missing].join(', ')}`);
  return lines.join('\n');
}

/** The text without what is generated in it. */
export function withoutRegions(text: string): string {
  let inside = false;
  const kept = text.split('\n').filter((line) => {
    if (BEGIN.test(line)) inside = true;
    else if (END.test(line)) inside = false;
    return !inside;
  });
  return kept.join('\n');
}
