/* Alignment: which items of one list stand for which of another, and which words of a text for which.

   It does what hooks/guidebook/alignment.py does. */

import { isPlain, keysOf } from "./prose.js";

const MOST = 100_000_000; // bits; beyond that, what stands between the equal ends counts as rewritten
const [FEW, SHORT, LONG] = [2, 4, 16]; // words of so many letters are overlooked between two changes

/** How many items two lists share at their head, and of the rest at their tail. */
export function ends(before, after) {
  const least = Math.min(before.length, after.length);
  let [head, tail] = [0, 0];
  while (head < least && before[head] === after[head]) head++;
  while (tail < least - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return [head, tail];
}

/** The places of a longest common subsequence, in order: Hyyrö's, with a bit for each item of `after`. */
export function common(before, after) {
  const [head, tail] = ends(before, after);
  const [rows, columns] = [before.length - tail, after.length - tail];
  const found = Array.from({ length: head }, (_, place) => [place, place]);
  if ((rows - head) * (columns - head) <= MOST) {
    const middle = commonInside(before.slice(head, rows), after.slice(head, columns));
    found.push(...middle.map(([row, column]) => [row + head, column + head]));
  }
  return [...found, ...Array.from({ length: tail }, (_, place) => [rows + place, columns + place])];
}

function commonInside(before, after) {
  const places = new Map();
  after.forEach((item, place) => places.set(item, (places.get(item) ?? 0n) | (1n << BigInt(place))));
  const every = (1n << BigInt(after.length)) - 1n;
  let last = every;
  const rows = before.map((item) => {
    const matched = last & (places.get(item) ?? 0n);
    last = ((last + matched) | (last - matched)) & every;
    return last;
  });
  const found = [];
  const isSet = (row, column) => ((rows[row] >> BigInt(column)) & 1n) === 1n;
  let [row, column] = [before.length, after.length];
  while (row && column) {
    if (isSet(row - 1, column - 1)) {
      column--;
    } else if (--row === 0 || isSet(row - 1, column - 1)) {
      found.push([row, --column]);
    }
  }
  return found.reverse();
}

export const isSame = ({ before, after }) => Boolean(before && after);
export const wordOf = ({ before, after }) => after ?? before;

/** The words of two texts in pairs, in the order in which a reader sees them: what went stands before what came. */
export function paired(before, after) {
  const pairs = [];
  let [old, now] = [0, 0];
  for (const [row, column] of [...common(keysOf(before), keysOf(after)), [before.length, after.length]]) {
    pairs.push(...before.slice(old, row).map((word) => ({ before: word })));
    pairs.push(...after.slice(now, column).map((word) => ({ after: word })));
    if (row < before.length) pairs.push({ before: before[row], after: after[column] });
    [old, now] = [row + 1, column + 1];
  }
  return joined(slid(pairs));
}

/** Move what only came or only went to where a sentence starts, when the same words allow both. */
function slid(pairs) {
  const keys = pairs.map((pair) => wordOf(pair).key);
  for (let start = 0, end = 0; start < pairs.length; start = end + 1) {
    end = start;
    while (end < pairs.length && !isSame(pairs[end])) end++;
    if (new Set(pairs.slice(start, end).map(({ after }) => !after)).size === 1) slide(pairs, keys, start, end);
  }
  return pairs;
}

function slide(pairs, keys, start, end) {
  let [first, last] = [start, end];
  while (first && isSame(pairs[first - 1]) && keys[first - 1] === keys[first + end - start - 1]) first--;
  while (last < pairs.length && isSame(pairs[last]) && keys[last] === keys[last - end + start]) last++;
  const width = end - start;
  const came = !pairs[start].before;
  const edge = (place) => {
    const sign = place === 0 || place === keys.length ? "." : keys[place - 1].at(-1);
    return ".!?:\n".includes(sign) ? 3 : Number(",;)–—".includes(sign));
  };
  const rank = (place) => 2 * (edge(place) + edge(place + width)) + Number(place === start);
  const best = firstBest(Array.from({ length: last - width + 1 - first }, (_, place) => first + place), rank);
  const old = pairs.slice(first, last).map(({ before }) => before).filter(Boolean);
  const now = pairs.slice(first, last).map(({ after }) => after).filter(Boolean);
  for (let place = first; place < last; place++) {
    const alone = best <= place && place < best + width;
    pairs[place] = { before: alone && came ? undefined : old.shift(), after: alone && !came ? undefined : now.shift() };
  }
}

/** The first of the items that weigh most. */
export function firstBest(items, weight) {
  const weights = items.map(weight);
  return items[weights.indexOf(Math.max(...weights))];
}

/** Lists of neighbours that are alike by `key`. */
export function runsOf(items, key) {
  const runs = [];
  for (const item of items) {
    const now = key(item);
    if (runs.length && runs.at(-1).key === now) runs.at(-1).items.push(item);
    else runs.push({ key: now, items: [item] });
  }
  return runs;
}

const sizeOf = (change, side) => change.reduce((sum, pair) => sum + (pair[side]?.text.length ?? 0), 0);

/** Two changes with no landmark between them are one, of which the words between are a part. */
function joined(pairs) {
  const changes = [];
  const islands = []; // before each change
  let same = [];
  for (const { key, items } of runsOf(pairs, isSame)) {
    if (key) {
      same = items;
      continue;
    }
    changes.push(items);
    islands.push(same);
    same = [];
    while (changes.length > 1 && isNoLandmark(islands.at(-1), ...changes.slice(-2))) {
      const last = changes.pop();
      changes.push([...changes.pop(), ...islands.pop(), ...last]);
    }
  }
  const only = (change, side) => change.filter((pair) => pair[side]).map((pair) => ({ [side]: pair[side] }));
  const parted = (change) => [...only(change, "before"), ...only(change, "after")];
  return [...changes.flatMap((change, place) => [...islands[place], ...parted(change)]), ...same];
}

/** Whether the words between two changes are too few, beside these, for a reader to hold on to. */
function isNoLandmark(island, left, right) {
  const least = Math.min(...[left, right].map((change) => Math.max(sizeOf(change, "before"), sizeOf(change, "after"))));
  const sizes = island.map((pair) => wordOf(pair).text).filter(isPlain).map((text) => text.length);
  const sum = sizes.reduce((total, size) => total + size, 0);
  const few = sizes.length <= FEW && Math.max(0, ...sizes) <= SHORT && island.length - sizes.length <= 1;
  return (few && sum <= least) || 2 * sum <= Math.min(least, 2 * LONG);
}
