import type { Principal } from '@tributary/kit/principal';

import type { GatewayLimits } from '../config.ts';
import { isStaff } from '../context.ts';

/** Points that one operation of this caller may cost. Machines fetch more at once than pages do, and so does the support desk. */
export function costLimitOf(
  principal: Principal | null | undefined,
  limits: Pick<GatewayLimits, 'costAnonymous' | 'cost' | 'costPrivileged'>,
): number {
  if (!principal) return limits.costAnonymous;
  return principal.type !== 'user' || isStaff(principal) ? limits.costPrivileged : limits.cost;
}
