// Whether a client takes an answer in parts, in the one format that is spoken here. Apollo Server decides by the same header what it
// writes, and refuses to write parts for a client that would rather have another format; so this decides exactly as it does.

const OUR_SPEC = '20220824';
const OTHER_SPEC = 'v0.2';

interface MediaRange {
  type: string;
  parameters: ReadonlyMap<string, string>;
  quality: number;
}

export function acceptsParts(accept: string | undefined): boolean {
  if (!accept?.includes('multipart/mixed')) return false;
  const ranges = accept.split(',').map(parseRange);
  const ours = ranges.findIndex(
    ({ type, parameters }) =>
      type === 'multipart/mixed' && parameters.size === 1 && parameters.get('deferspec') === OUR_SPEC,
  );
  const found = ranges[ours];
  if (!found || found.quality <= 0) return false;
  return ranges.every((range, index) => {
    if (index === ours || !['*/*', 'multipart/*', 'multipart/mixed'].includes(range.type)) return true;
    if (range.quality !== found.quality) return range.quality < found.quality;
    // Of two formats that are wanted equally the first one counts; what says nothing about the format counts less.
    return range.parameters.get('incrementalspec') !== OTHER_SPEC || index > ours;
  });
}

function parseRange(text: string): MediaRange {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const parameters = new Map<string, string>();
  let quality = 1;
  for (const each of rest) {
    const [name = '', value = ''] = each.split('=').map((part) => part.trim());
    const plain = value.replace(/^"(.*)"$/, '$1');
    if (name.toLowerCase() === 'q') quality = Number.parseFloat(plain) || 0;
    else parameters.set(name.toLowerCase(), plain);
  }
  return { type: type.toLowerCase(), parameters, quality };
}
