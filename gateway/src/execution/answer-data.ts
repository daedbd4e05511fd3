import type { SubgraphAnswer } from '../transport/subgraph-transport.ts';
import { copyOf } from './response-data.ts';
import type { JsonObject } from './response-data.ts';

// One answer may serve several fetches, of one request or of many. Whoever writes into its data takes it, and who comes later gets
// data that is as it was received: read from the text once more, or copied.

type Data = JsonObject | null;

/** The data of an answer, not to be written into. */
export function readData(answer: SubgraphAnswer): Data {
  if (answer.isTaken) restore(answer);
  return answer.data;
}

/** The data of an answer, for one who writes into it. */
export function takeData(answer: SubgraphAnswer): Data {
  if (answer.parseAgain === undefined) return copyOf(answer.data);
  if (!answer.isTaken) {
    answer.isTaken = true;
    return answer.data;
  }
  restore(answer);
  return copyOf(answer.data);
}

// From now on there is data that nobody has taken, and it stays so.
function restore(answer: SubgraphAnswer): void {
  answer.data = answer.parseAgain?.() ?? null;
  delete answer.parseAgain;
  answer.isTaken = false;
}
