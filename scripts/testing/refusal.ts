/** What a refused call threw. */

/** @throws Error when the call was not refused */
export const errorOf = (call: () => unknown): unknown => {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('the call was not refused');
};

/** The stable code of the domain error that the call threw; anything else it threw is thrown on. */
export const codeOf = (call: () => unknown): string => {
  const error = errorOf(call);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
};
