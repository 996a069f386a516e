/** Keeps the best of many scored numbers; equal scores are won by the smaller number. */
export interface TopList {
  offer(index: number, score: number): void;
  /** Best first; writes into the arrays from `at` on and returns how many. The list is empty afterwards. */
  drain(indexes: Int32Array, scores: Float32Array, at: number): number;
}

/** A bounded heap with the worst entry on top: an offer below it costs one comparison. */
export function createTopList(size: number): TopList {
  const indexes = new Int32Array(size);
  const scores = new Float64Array(size);
  let length = 0;
  const place = (slot: number, index: number, score: number): void => {
    indexes[slot] = index;
    scores[slot] = score;
  };
  const worse = (scoreA: number, indexA: number, scoreB: number, indexB: number): boolean =>
    scoreA < scoreB || (scoreA === scoreB && indexA > indexB);
  const sink = (start: number, end: number, index: number, score: number): void => {
    let slot = start;
    for (;;) {
      let child = 2 * slot + 1;
      if (child >= end) break;
      if (child + 1 < end && worse(scores[child + 1]!, indexes[child + 1]!, scores[child]!, indexes[child]!))
        child++;
      if (!worse(scores[child]!, indexes[child]!, score, index)) break;
      place(slot, indexes[child]!, scores[child]!);
      slot = child;
    }
    place(slot, index, score);
  };
  const rise = (index: number, score: number): void => {
    let slot = length++;
    while (slot > 0) {
      const parent = (slot - 1) >> 1;
      if (!worse(score, index, scores[parent]!, indexes[parent]!)) break;
      place(slot, indexes[parent]!, scores[parent]!);
      slot = parent;
    }
    place(slot, index, score);
  };
  return {
    offer: (index, score) => {
      if (length < size) rise(index, score);
      else if (size > 0 && worse(scores[0]!, indexes[0]!, score, index)) sink(0, size, index, score);
    },
    drain: (outIndexes, outScores, at) => {
      const count = length;
      for (let end = length - 1; end >= 0; end--) {
        outIndexes[at + end] = indexes[0]!;
        outScores[at + end] = scores[0]!;
        sink(0, end, indexes[end]!, scores[end]!);
      }
      length = 0;
      return count;
    },
  };
}
