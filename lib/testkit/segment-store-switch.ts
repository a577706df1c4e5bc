/** A segment store that can be switched off: only who asks for segments notices. */
import { KalciferError } from '../kalcifer-error.ts';
import type { SegmentStore } from '../ports/segment-store.ts';

export interface SegmentStoreSwitch {
  turn(state: 'away' | 'back'): void;
  /** The store, as long as it is not switched off. */
  over(store: SegmentStore): SegmentStore;
}

export function segmentStoreSwitch(): SegmentStoreSwitch {
  let isAway = false;
  return {
    turn: (state) => {
      isAway = state === 'away';
    },
    over: (store) => ({
      find: (of) => (isAway ? Promise.reject(away()) : store.find(of)),
    }),
  };
}

function away(): KalciferError {
  return new KalciferError('segment_store.unavailable', 'The segment store does not answer.');
}
