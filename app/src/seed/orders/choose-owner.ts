import type { People } from '../people/company-state.ts';
import { shoppersAt } from '../people/make-people.ts';
import type { Random } from '../random.ts';
import type { OrderPlan } from './order-plan.ts';

/** The owner of an order at a position of the history (0 oldest, 1 newest). */
export function chooseOwner(random: Random, people: People, position: number): OrderPlan {
  const share = random.fraction();
  if (share < 0.215) return ofPerson(random.pick(people.collectors));
  if (share < 0.325) return throughPartner(random, people);
  if (share < 0.53) {
    const organization = random.pick(people.buyers);
    return { buyer: random.pick(organization.purchasers), organization, partner: null };
  }
  return ofPerson(people.shoppers[random.integer(0, shoppersAt(people.shoppers, position) - 1)]!);
}

const ofPerson = (buyer: OrderPlan['buyer']): OrderPlan => ({ buyer, organization: null, partner: null });

// A partner orders for itself or for a company that it serves; often no person is named.
function throughPartner(random: Random, { partners, buyers }: People): OrderPlan {
  const partner = random.chance(Math.max(0.1, 1.5 / partners.length)) ? partners[0]! : random.pick(partners);
  const organization = random.chance(0.6) ? partner : random.pick(buyers);
  return { buyer: random.chance(0.4) ? random.pick(organization.purchasers) : null, organization, partner };
}
