import type { Watched } from '../tracker.ts';

const errorsMax = 10;

/** Errors of scripts that nobody caught: each message once on a page, at most ten. */
export function watchErrors({ on, emit }: Watched): void {
  const told = new Set<string>();
  const tell = (error: unknown, text: string, where: object = {}): void => {
    const stack = (error as Partial<Error> | null)?.stack;
    const message = text.slice(0, 500) || 'error';
    if (told.has(message) || told.size >= errorsMax) return;
    told.add(message);
    emit('script_error', {
      message,
      ...where,
      stack: stack?.slice?.(0, 2000),
    });
  };
  on(window, 'error', ({ error, message, filename, lineno, colno }: ErrorEvent) => {
    if (message) tell(error, message, { source: filename || undefined, line: lineno, column: colno });
  });
  on(window, 'unhandledrejection', ({ reason }: PromiseRejectionEvent) => tell(reason, `${reason}`));
}
