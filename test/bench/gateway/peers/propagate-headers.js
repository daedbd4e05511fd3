export const propagateHeaders = {
  fromClientToSubgraphs({ request }) {
    const authorization = request.headers.get('authorization');
    return authorization === null ? {} : { authorization };
  },
};
