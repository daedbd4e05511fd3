/** Thrown by the resolver of a `Subscription` field for a change that its subscriber is not to hear of: nothing is sent. */
export class EventSkipped extends Error {
  override name = 'EventSkipped';
  constructor() {
    super('The event is not for this subscriber.');
  }
}
