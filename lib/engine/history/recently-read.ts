/** What was read lately of things that never change: kept for as long as there is room, and read once however many ask at a time. */

export interface RecentlyRead<Value> {
  /** What is not there is asked for again the next time. */
  read(key: string, read: () => Promise<Value | undefined>): Promise<Value | undefined>;
  keep(key: string, value: Value): void;
}

export function recentlyRead<Value>(roomFor: number): RecentlyRead<Value> {
  const known = new Map<string, Promise<Value | undefined>>();
  const keep = (key: string, value: Promise<Value | undefined>): void => {
    known.delete(key);
    known.set(key, value);
    const [oldest] = known.keys();
    if (known.size > roomFor && oldest !== undefined) known.delete(oldest);
  };
  return {
    read: async (key, read) => {
      const reading = known.get(key) ?? read();
      keep(key, reading);
      try {
        const value = await reading;
        if (value === undefined) known.delete(key);
        return value;
      } catch (error) {
        known.delete(key);
        throw error;
      }
    },
    keep: (key, value) => keep(key, Promise.resolve(value)),
  };
}
