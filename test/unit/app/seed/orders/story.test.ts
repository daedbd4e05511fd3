import fc from 'fast-check';
import { expect, test } from 'vitest';

import { courses } from '@tributary/app/seed/orders/course';
import type { Course } from '@tributary/app/seed/orders/course';
import { tellStory } from '@tributary/app/seed/orders/story';
import { createRandom } from '@tributary/app/seed/random';
import { DAY, MINUTE } from '@tributary/kit/clock';

const REFERENCE = Date.UTC(2026, 10, 21);

const onAccount = Object.values(courses).map((course): Course => ({ ...course, onAccount: true }));
const anyCourse = fc.constantFrom<Course>(...Object.values(courses), ...onAccount, {
  ...courses.delivered,
  money: 'WRITTEN_OFF',
  onAccount: true,
});

test('every course fits into any age, from a minute to years, in the order of cause and effect', () => {
  fc.assert(
    fc.property(
      fc.record({
        course: anyCourse,
        age: fc.integer({ min: MINUTE, max: 700 * DAY }),
        method: fc.constantFrom('CARD' as const, 'DIRECT_DEBIT' as const, 'BANK_TRANSFER' as const),
        failedFirst: fc.boolean(),
        reissued: fc.boolean(),
        label: fc.string(),
      }),
      ({ course, age, method, failedFirst, reissued, label }) => {
        const createdAt = REFERENCE - age;
        const story = tellStory(createRandom(label), {
          course,
          createdAt,
          reference: REFERENCE,
          method,
          termDays: 14,
          failedFirst,
          reissued,
        });
        const inOrder = (...times: (number | null | undefined)[]) => {
          const known = times.filter((time) => time !== null && time !== undefined);
          expect(known).toEqual([...known].sort((left, right) => left - right));
          expect(known.at(-1) ?? createdAt).toBeLessThanOrEqual(REFERENCE);
        };
        const { placedAt, firstInvoiceAt, invoiceAt, failedAt, paymentAt, authorizedAt, capturedAt } = story;
        inOrder(
          createdAt,
          placedAt,
          firstInvoiceAt,
          invoiceAt,
          failedAt,
          paymentAt,
          authorizedAt,
          capturedAt,
          story.refundedAt,
        );
        for (const shipment of story.shipments)
          inOrder(story.confirmedAt, shipment.createdAt, shipment.shippedAt, shipment.deliveredAt, story.completedAt);
        inOrder(
          story.completedAt,
          story.return?.requestedAt,
          story.return?.decidedAt,
          story.return?.receivedAt,
          story.return && story.refundedAt,
        );
        inOrder(paymentAt, story.canceledAt, story.canceledAt && story.refundedAt);
        inOrder(invoiceAt, story.writtenOffAt);
      },
    ),
    { numRuns: 2_000 },
  );
});
