import type { Clock } from '@tributary/kit/clock';
import type { Database } from '@tributary/kit/database/database';

/** In what way the development provider behaves like a real one. */
export interface ProviderBehavior {
  /** How long an answer takes; half of it passes before anything is done, half of it after. */
  latencyMs: number;
  /** After this, what is being processed comes to its end. */
  settleMs: number;
  /** Pause before an event is delivered again; it doubles from attempt to attempt. */
  retryMs: number;
  /** Whether every event is delivered twice, and in any order. */
  disorder: boolean;
}

/** What the use cases work with. */
export interface ProviderContext {
  database: Database;
  behavior: ProviderBehavior;
  clock: Clock;
  /** Where the payer acts on a charge. */
  actionUrlOf: (reference: string) => string;
  /** Called after something was recorded that has to be delivered. */
  onEvent: () => void;
}
