/** The oracle of frequency caps: slides a window over the times of sent messages, and answers the most that it ever holds. */
export function fullestWindow(times: readonly number[], windowMs: number): number {
  const counts = times.map(
    (end) => times.filter((time) => end - windowMs < time && time <= end).length,
  );
  return Math.max(0, ...counts);
}
