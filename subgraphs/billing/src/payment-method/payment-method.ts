import type { AccountOwnerType } from '../account/account.ts';
import type { PaymentMethodType } from '../payment/payment.ts';

/** A saved payment method. The provider's name for it is read only where a payment is sent. */
export interface PaymentMethod {
  id: string;
  accountId: string;
  type: PaymentMethodType;
  brand: string | null;
  last4: string | null;
  expiryMonth: number | null;
  expiryYear: number | null;
  isDefault: boolean;
}

/** A method as it is read: with the owner of its account, who decides over it. */
export type OwnedPaymentMethod = PaymentMethod & { ownerType: AccountOwnerType; ownerId: string };
