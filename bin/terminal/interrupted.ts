/** Resolves when somebody wants the process to stop; who asks a second time is obeyed at once. */
export function interrupted(): Promise<'stop'> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve('stop'));
    process.once('SIGTERM', () => resolve('stop'));
  });
}
