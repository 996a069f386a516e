import type { FastifyRequest } from 'fastify';
import { OctavoError, type BusinessDay } from '../base/index.ts';
import type { RunDesk } from '../batch/index.ts';
import { identify } from './authentication.ts';
import type { ApiContext } from './context.ts';
import { otherTasksOfDay } from './cycle-tasks.ts';
import { createMornings, type BatchView, type Morning } from './mornings.ts';

/** What the routes of runs and tasks share. */
export interface RunAccess {
  readonly batch: BatchView;
  /** The day’s tasks, with those that a later day has made again. */
  readonly morningOf: (day?: BusinessDay) => Promise<Morning>;
  /** The newest day that is over. */
  readonly newestDay: () => BusinessDay;
  /** Errors: `runs_not_taken`. */
  readonly desk: () => RunDesk;
  /** Who sent the request. */
  readonly nameOf: (request: FastifyRequest) => string;
}

/** What asking for a run may be answered with. */
export const askCodes = [
  'day_invalid',
  'day_open',
  'task_done',
  'task_parameter_invalid',
  'runs_too_many',
  'runs_not_taken',
] as const;

/** Reads mornings and reaches the desk for the routes. */
export function runAccess(context: ApiContext, batch: BatchView): RunAccess {
  const { clock, shop } = context;
  const mornings = createMornings({ batch, calendar: shop.calendar, clock });
  return {
    batch,
    morningOf: async (day) => {
      const morning = await mornings(day);
      const others = await otherTasksOfDay(batch, morning.tasks, morning.day, morning.nowMs);
      return { ...morning, tasks: [...others, ...morning.tasks] };
    },
    newestDay: () => shop.calendar.addDays(shop.calendar.dayOf(clock.now()), -1),
    desk: () => {
      if (batch.desk === undefined) throw new OctavoError('runs_not_taken');
      return batch.desk;
    },
    nameOf: (request) => {
      const identity = identify(request, context);
      return 'principal' in identity ? identity.principal.name : '';
    },
  };
}
