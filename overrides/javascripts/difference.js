/* Difference: what became of each block of a text, as a tree of both texts; what hooks/guidebook/difference.py does. */

import { common, ends, firstBest, paired } from "./alignment.js";
import { BREAK, Block, CELL, counted, keysOf } from "./prose.js";

const [ALIKE, MOVED, MOVED_WORDS, SPLIT, CELLS] = [0.4, 0.8, 4, 3, 30_000];

const change = (before, after, mark = "", children = [], pairs = []) =>
  ({ before, after, mark, children, pairs, moved: "", block: after ?? before ?? CELL });
const walk = (found) => [found, ...found.children.flatMap(walk)];

/** What became of the text `before` in the text `after`. */
export function compare(before, after) {
  const found = became(before, after);
  findMoves(found);
  return found;
}

function became(before, after) {
  if (before.kind === "table") return tableBecame(before, after);
  return change(before, after, "", childrenBecame(before, after), paired(before.own, after.own));
}

function childrenBecame(before, after) {
  let [old, now, first] = [before.children, after.children, []];
  const isLine = old.length && now.length && old[0].kind === now[0].kind && ["p", "title"].includes(old[0].kind);
  if (["li", "box"].includes(before.kind) && isLine && likeness(old[0], now[0]) < ALIKE) {
    first = [became(old[0], now[0])]; // the line of an item stays its line, whatever it says
    [old, now] = [old.slice(1), now.slice(1)];
  }
  return [...first, ...aligned(old, now).flatMap(([went, came]) => changesOf(went, came))];
}

function changesOf(went, came) {
  if (went.length && came.length) return [became(merged(went), merged(came))];
  return [...went.map((block) => whole(block, "deleted")), ...came.map((block) => whole(block, "inserted"))];
}

/** Paragraphs as one, with a word for each break between them. */
function merged(blocks) {
  if (blocks.length === 1) return blocks[0];
  const own = blocks.flatMap((block) => [BREAK, ...block.own]).slice(1);
  return new Block(blocks[0].kind, [], own, { number: blocks[0].number, tight: blocks[0].tight });
}

function whole(block, mark) {
  const gone = mark === "deleted";
  const pairs = block.own.map((word) => (gone ? { before: word } : { after: word }));
  const children = block.children.map((child) => whole(child, mark));
  return change(gone ? block : null, gone ? null : block, mark, children, pairs);
}

/** Which blocks became which, in order: one and one, one and several paragraphs, or some and none. */
function aligned(before, after) {
  const [head, tail] = ends(keysOf(before), keysOf(after));
  const ones = (from, to, count) =>
    Array.from({ length: count }, (_, place) => [[before[from + place]], [after[to + place]]]);
  const old = before.slice(head, before.length - tail);
  const now = after.slice(head, after.length - tail);
  const groups = ones(0, 0, head);
  if (old.length * now.length <= CELLS) {
    groups.push(...weighed(old, now));
  } else {
    let [row, column] = [0, 0];
    for (const [to, on] of [...common(keysOf(old), keysOf(now)), [old.length, now.length]]) {
      const [went, came] = [old.slice(row, to), now.slice(column, on)];
      groups.push(...(went.length * came.length <= CELLS ? weighed(went, came) : [[went, []], [[], came]]));
      if (to < old.length) groups.push([[old[to]], [now[on]]]);
      [row, column] = [to + 1, on + 1];
    }
  }
  return [...groups, ...ones(before.length - tail, after.length - tail, tail)];
}

/** The groups that keep the most words together, best those of like blocks; what went stands first. */
function weighed(before, after) {
  const best = Array.from({ length: before.length + 1 }, () => Array(after.length + 1).fill(0));
  const step = best.map((row) => row.map(() => null));
  for (let row = 0; row <= before.length; row++) {
    for (let column = 0; column <= after.length; column++) {
      const ways = [];
      if (column) ways.push([best[row][column - 1], 0, 1]);
      if (row) ways.push([best[row - 1][column], 1, 0]);
      for (const [height, width] of shapes(before, after, row, column)) {
        const [went, came] = [before.slice(row - height, row), after.slice(column - width, column)];
        const weight = height === width ? likeness(went[0], came[0]) : overlap(bagOf(went), bagOf(came));
        const size = [...went, ...came].reduce((sum, block) => sum + block.words.length + 1, 0);
        if (weight >= ALIKE) ways.push([best[row - height][column - width] + weight ** 2 * size, height, width]);
      }
      if (!ways.length) continue;
      const [weight, ...shape] = firstBest(ways, ([one]) => one);
      [best[row][column], step[row][column]] = [weight, shape];
    }
  }
  const groups = [];
  for (let [row, column] = [before.length, after.length]; row || column; ) {
    const [height, width] = step[row][column];
    groups.unshift([before.slice(row - height, row), after.slice(column - width, column)]);
    [row, column] = [row - height, column - width];
  }
  return groups;
}

/** How many of the last blocks up to `row` and `column` may belong together: of paragraphs also several. */
function shapes(before, after, row, column) {
  if (!row || !column || before[row - 1].kind !== after[column - 1].kind) return [];
  const found = [[1, 1]];
  if (before[row - 1].kind !== "p") return found;
  for (const [one, many, end] of [[before[row - 1], after, column], [after[column - 1], before, row]]) {
    for (let count = 2; count <= Math.min(SPLIT, end); count++) {
      const pieces = many.slice(end - count, end);
      const fits = pieces.every(({ kind, bag }) => kind === "p" && 2 * shared(bag, one.bag) > bag.total);
      if (fits) found.push(many === after ? [1, count] : [count, 1]);
    }
  }
  return found;
}

const spread = ({ bag }) => [...bag.bag].flatMap(([word, times]) => Array(times).fill(word));
const bagOf = (blocks) => (blocks.length === 1 ? blocks[0].bag : counted(blocks.flatMap(spread)));
const shared = (one, other) =>
  [...one.bag].reduce((sum, [word, times]) => sum + Math.min(times, other.bag.get(word) ?? 0), 0);
const overlap = (one, other) => (one.total + other.total ? (2 * shared(one, other)) / (one.total + other.total) : 1);

/** How much two blocks have in common, from 0 to 1: 0 for different kinds, 1 for the same text. */
function likeness(before, after) {
  if (before.kind !== after.kind) return 0;
  if (before.key === after.key) return 1;
  let found = overlap(before.bag, after.bag);
  if (["ul", "ol", "table", "quote", "box"].includes(before.kind)) {
    const least = Math.min(before.bag.total, after.bag.total); // it stays itself when most of its blocks go
    found = Math.max(found, least ? (0.8 * shared(before.bag, after.bag)) / least : 0);
  }
  const [old, now] = [before.children[0], after.children[0]];
  if (["li", "tr", "box"].includes(before.kind) && old?.own.length && now?.own.length) {
    found = Math.max(found, (found + likeness(old, now)) / 2); // known by its first line or cell
  }
  return found;
}

function tableBecame(before, after) {
  const columns = columnsOf(before, after);
  const rows = [[before.children[0], after.children[0]]];
  for (const [went, came] of aligned(before.children.slice(1), after.children.slice(1))) {
    rows.push(...Array.from({ length: Math.max(went.length, came.length) }, (_, place) => [went[place], came[place]]));
  }
  return change(before, after, "", rows.map(([old, now]) => rowBecame(old, now, columns)));
}

/** The columns that both tables have: known by their heading, else by their cells. */
function columnsOf(before, after) {
  const cellsAt = (rows, place) => rows.map((cells) => cells.children[place]);
  const turned = ({ children: rows }) => rows[0].children.map((_, place) => new Block("tr", cellsAt(rows, place)));
  let [row, column] = [0, 0];
  return aligned(turned(before), turned(after)).flatMap(([went, came]) => {
    const found = went.length && came.length
      ? [[row, column]]
      : [...went.map((_, place) => [row + place, null]), ...came.map((_, place) => [null, column + place])];
    [row, column] = [row + went.length, column + came.length];
    return found;
  });
}

function rowBecame(before, after, columns) {
  const cell = (row, place) => (row && place !== null ? row.children[place] : null);
  const [old, now] = [columns.map(([place]) => cell(before, place)), columns.map(([, place]) => cell(after, place))];
  return change(before, after, before && after ? "" : before ? "deleted" : "inserted", cellsBecame(old, now));
}

/** What became of each cell; a row that came has no cell in a column that went. */
function cellsBecame(before, after) {
  return before.map((old, place) => {
    const now = after[place];
    if (old && now) return became(old, now);
    return old ? whole(old, "deleted") : now ? whole(now, "inserted") : change(null, null);
  });
}

/** Mark what was deleted in one place and inserted in another with the same words, or nearly: the largest first. */
function findMoves(root) {
  const places = new Map(walk(root).map((one, place) => [one, place]));
  const [gone, came] = [movable(root, "deleted"), movable(root, "inserted")];
  const taken = new Set();
  const isTaken = (one) => walk(one).some((part) => taken.has(part));
  const moves = [];
  for (const near of [false, true]) {
    if (near && gone.length * came.length > CELLS) break;
    for (const one of gone) {
      if (isTaken(one)) continue;
      const fits = (other) => one.block.kind !== "tr" || one.children.length === other.children.length;
      const alike = (other) => (near ? isNearly(one.block, other.block) : one.block.key === other.block.key);
      const free = came.filter((other) => alike(other) && !isTaken(other) && fits(other));
      if (!free.length) continue;
      const other = firstBest(free, ({ block }) => likeness(one.block, block));
      for (const part of [...walk(one), ...walk(other)]) taken.add(part);
      moves.push([one, other]);
    }
  }
  const start = (move) => Math.min(...move.map((end) => places.get(end)));
  moves.sort((one, other) => start(one) - start(other));
  moves.forEach(([one, other], place) => {
    move(one, other);
    [one.mark, other.mark] = ["moved-from", "moved-to"];
    const which = moves.length > 1 ? ` (${place + 1})` : "";
    one.moved = (places.get(one) < places.get(other) ? "moved down" : "moved up") + which;
    other.moved = `moved here${which}`;
  });
}

/** Show at the new place what became of the block on its way. */
function move(one, other) {
  if (one.block.kind === "tr") {
    const cells = cellsBecame(one.children.map(({ before }) => before), other.children.map(({ after }) => after));
    Object.assign(other, { before: one.before, children: cells });
  } else {
    const { before, children, pairs } = became(one.block, other.block);
    Object.assign(other, { before, children, pairs });
  }
}

/** What is marked so and long enough to be known again, the largest first. */
function movable(root, mark) {
  const found = walk(root).filter((one) => one.mark === mark && !["cell", "title"].includes(one.block.kind));
  const long = found.filter(({ block }) => block.bag.total >= MOVED_WORDS);
  return long.sort((one, other) => other.block.bag.total - one.block.bag.total);
}

/** Whether the words of two blocks are nearly the same, and in the same order. */
function isNearly(old, now) {
  if (old.kind !== now.kind || overlap(old.bag, now.bag) < MOVED) return false;
  return 2 * common(keysOf(old.words), keysOf(now.words)).length >= MOVED * (old.words.length + now.words.length);
}
