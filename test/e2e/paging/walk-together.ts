import type { TestGraph } from '../../kit/graph.ts';
import type { TokenSubject } from '../../kit/issuer.ts';
import { readPages } from './page-query.ts';
import { backwardWalk, forwardWalk } from './walk.ts';
import type { ExpectedList } from './walk.ts';

/**
 * Walks all lists forward and backward, side by side: every operation brings the next page of each walk. It takes far fewer
 * operations, and lists that are read together must not get into each other's way.
 */
export async function walkTogether(
  graph: TestGraph,
  as: TokenSubject | undefined,
  lists: readonly ExpectedList[],
): Promise<void> {
  let walks = lists.flatMap((list) =>
    [forwardWalk(list), backwardWalk(list)].map((walk) => ({ list, walk, step: walk.next() })),
  );
  while (walks.length > 0) {
    const wanted = walks.map(({ list, step }) => ({ list, request: step.value! }));
    const pages = await readPages(graph, as, wanted);
    graph.takeTraffic(); // nobody asks for it, and it would grow over thousands of pages
    walks = walks.map(({ list, walk }, index) => ({ list, walk, step: walk.next(pages[index]!) }));
    walks = walks.filter(({ step }) => step.done !== true);
  }
}
