// What is known of a person's work where no log can be read: nothing.
import { type HabitSource } from './habits';

export const noHabits: HabitSource = {
  of: () => Promise.resolve(undefined),
  firstCalls: () => Promise.resolve([]),
};
