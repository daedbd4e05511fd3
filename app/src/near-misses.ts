// Names of environment variables that look like a misspelled setting. Only near misses can be told: every other program's variables
// are in the environment too.

const SHORT_NAME = 6;

/** Pairs of a variable that is set and the setting it was probably meant to be. */
export function findNearMisses(
  variables: readonly string[],
  settings: readonly string[],
): readonly { variable: string; setting: string }[] {
  return variables
    .filter((variable) => !settings.includes(variable))
    .flatMap((variable) => {
      const setting = settings.find((each) => distance(variable.toUpperCase(), each) <= tolerance(each));
      return setting === undefined ? [] : [{ variable, setting }];
    });
}

// HOME is two letters away from HOST.
const tolerance = (setting: string) => (setting.length < SHORT_NAME ? 1 : 2);

/** Letters to add, drop, replace or swap with their neighbor (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(replaced, rows[i - 1]![j]! + 1, row[j - 1]! + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
