import type { Organization, Person } from '../people/company-state.ts';
import type { Course } from './course.ts';

/** Who orders, for whom and how it ends; decided before anything else of an order. */
export interface OrderPlan {
  buyer: Person | null;
  organization: Organization | null;
  /** The partner that placed it through the API. */
  partner: Organization | null;
  /** Chosen by age and owner when it is left out. */
  course?: Course;
  /** Time of creation, instead of the one that follows from the position in the history. */
  createdAt?: number;
  discounted?: boolean;
  /** Every optional field is filled. */
  complete?: boolean;
  /** Money given to the account as an apology, in minor units. */
  goodwillMinor?: bigint;
  /** Refunds go to the balance of the account. */
  refundToBalance?: boolean;
}
