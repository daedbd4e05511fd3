// Which units of an order's lines travel together.

export interface Units {
  /** Index of the line. */
  line: number;
  quantity: number;
}

/** All units of all lines. */
export function allUnits(quantities: readonly number[]): Units[] {
  return quantities.map((quantity, line) => ({ line, quantity }));
}

/** The first half of the units, in line order, and the rest. Both are not empty when there are two units or more. */
export function splitUnits(quantities: readonly number[]): [first: Units[], rest: Units[]] {
  let left = Math.floor(quantities.reduce((sum, quantity) => sum + quantity, 0) / 2);
  const first: Units[] = [];
  const rest: Units[] = [];
  for (const [line, quantity] of quantities.entries()) {
    const taken = Math.min(left, quantity);
    left -= taken;
    if (taken > 0) first.push({ line, quantity: taken });
    if (taken < quantity) rest.push({ line, quantity: quantity - taken });
  }
  return [first, rest];
}

/** Units per line, with zero for lines that are not mentioned. */
export function unitsPerLine(lineCount: number, units: readonly Units[]): number[] {
  const counts = new Array<number>(lineCount).fill(0);
  for (const { line, quantity } of units) counts[line]! += quantity;
  return counts;
}
