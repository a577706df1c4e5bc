/** The numbers below `size` in an order of no meaning, the same at every run: neighbours in time are not neighbours by name. */
export function shuffled(size: number): number[] {
  const order = Array.from({ length: size }, (_, n) => n);
  let state = 42;
  for (let place = size - 1; place > 0; place--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (place + 1));
    [order[place], order[other]] = [order[other] ?? 0, order[place] ?? 0];
  }
  return order;
}
