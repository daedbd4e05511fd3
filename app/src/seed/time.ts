import { DAY, HOUR } from '@tributary/kit/clock';

// Times of the seed hang on one instant, the start of the current day in UTC: rows look recent, and two seeds of one day agree
// to the last id. All times are milliseconds since 1970; text only on the way into the database.

/** How far back orders go. */
export const HISTORY_DAYS = 540;

/** The instant that all other times are relative to: nothing in the seed is later. */
export const startOfDay = (now: Date): number => Math.floor(now.getTime() / DAY) * DAY;

let [lastTime, lastText] = [Number.NaN, ''];
let [otherTime, otherText] = [Number.NaN, ''];

/** Text of an instant for timestamptz. Rows come with the same two times again and again, so two are remembered. */
export function instant(timeMs: number): string {
  if (timeMs === lastTime) return lastText;
  const text = timeMs === otherTime ? otherText : new Date(timeMs).toISOString();
  [otherTime, otherText] = [lastTime, lastText];
  [lastTime, lastText] = [timeMs, text];
  return text;
}

/** Text of the UTC day of an instant. */
export const dateOf = (timeMs: number): string => instant(timeMs).slice(0, 10);

export const addDays = (timeMs: number, days: number): number => timeMs + days * DAY;

// Business grows: half of all orders fall into the last quarter of the history.
const GROWTH = 2.5;

/** Time of the order at `position` of the history (0 oldest, 1 newest). Never decreasing; few people order at night. */
export function timeInHistory(reference: number, position: number): number {
  const days = HISTORY_DAYS * position ** (1 / GROWTH);
  const whole = Math.min(Math.floor(days), HISTORY_DAYS - 1);
  return Math.floor(reference - (HISTORY_DAYS - whole) * DAY + hourOfDay(days - whole) * HOUR);
}

/** Position in the history of orders that are `days` old: the inverse of `timeInHistory`, but for the hour. */
export function positionAtAge(days: number): number {
  return (1 - days / HISTORY_DAYS) ** GROWTH;
}

// Share of a day's orders that came in until an hour.
const HOURS: readonly (readonly [hour: number, share: number])[] = [
  [0, 0],
  [6, 0.04],
  [9, 0.15],
  [12, 0.37],
  [17, 0.7],
  [22, 0.95],
  [24, 1],
];

function hourOfDay(share: number): number {
  const index = Math.max(
    1,
    HOURS.findIndex(([, until]) => share <= until),
  );
  const [fromHour, fromShare] = HOURS[index - 1]!;
  const [toHour, toShare] = HOURS[index]!;
  return fromHour + ((share - fromShare) / (toShare - fromShare)) * (toHour - fromHour);
}
