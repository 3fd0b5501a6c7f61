// The search of lines of text, in AssemblyScript: which lines have one of some short patterns, or no mark of the format. All others are only counted.
// text-kernel.ts has the other half and the same numbers.

// ── memory, bytes ──
const NIBBLES: usize = 0x10000; // for each of the first three places: buckets by the low and by the high half of a byte
const EXACT: usize = 0x11000; // for each of sixteen places and each byte: the patterns that it suits, a bit each
const MARKS: usize = 0x19000; // for each pattern that begins a mark: length and text of the mark
const ROWS: usize = 0x1b000; // number, begin, end and kind of a line
const MOST_ROWS: i32 = 4096;

const LONGEST: usize = 16;
const MARK_BYTES: usize = 64;
const ROW_BYTES: usize = 16;

// What a line has: bits of the kind of its row
const MARK: i32 = 1;
const PATTERN: i32 = 2;

let marks: u64 = 0;

// Results of the last scan
export let consumed: i32 = 0;
export let lines: i32 = 0;
/** Lines with a mark and without a pattern. */
export let passed: i32 = 0;

/** `patternsOfMarks`: bits of the patterns that begin a mark. */
export function prepare(patternsOfMarks: u64): void {
  marks = patternsOfMarks;
}

@inline function suited(at: usize, place: usize): u64 {
  return load<u64>(EXACT + (place << 11) + (<usize>load<u8>(at + place) << 3));
}

function isMark(m: usize, at: usize): bool {
  const n = load<i32>(m);
  for (let i = 0; i < n; i++) if (load<u8>(at + i) != load<u8>(m + 4 + i)) return false;
  return true;
}

/** What begins at `at`. */
function found(at: usize): i32 {
  let fits: u64 = -1;
  for (let place: usize = 0; place < LONGEST; place += 4) {
    fits &= suited(at, place) & suited(at, place + 1) & suited(at, place + 2) & suited(at, place + 3);
    if (fits == 0) return 0;
  }
  let what = (fits & ~marks) != 0 ? PATTERN : 0;
  for (let m = fits & marks; m != 0; m &= m - 1) {
    if (isMark(MARKS + <usize>ctz(m) * MARK_BYTES, at)) return what | MARK;
  }
  return what;
}

/**
 * Lines from `from` on; the last one ends before `to` with its line feed. Returns the number of rows. The places of a pattern are compared for
 * 16 bytes at once, with a bit for each of eight buckets of patterns: a swizzle looks up both halves of each byte.
 */
export function scan(from: i32, to: i32): i32 {
  const l0 = v128.load(NIBBLES), h0 = v128.load(NIBBLES, 16);
  const l1 = v128.load(NIBBLES, 32), h1 = v128.load(NIBBLES, 48);
  const l2 = v128.load(NIBBLES, 64), h2 = v128.load(NIBBLES, 80);
  const low = i8x16.splat(15);
  const feed = i8x16.splat(10);
  const zero = i8x16.splat(0);
  const end = <usize>to;
  let before0 = zero, before1 = zero;
  let rows = 0;
  let start = <usize>from;
  let kind = 0;
  lines = 0;
  passed = 0;
  for (let p = start; p < end; p += 16) {
    const v = v128.load(p);
    const lo = v128.and(v, low);
    const hi = i8x16.shr_u(v, 4);
    const place0 = v128.and(i8x16.swizzle(l0, lo), i8x16.swizzle(h0, hi));
    const place1 = v128.and(i8x16.swizzle(l1, lo), i8x16.swizzle(h1, hi));
    const place2 = v128.and(i8x16.swizzle(l2, lo), i8x16.swizzle(h2, hi));
    const hits = v128.and(
      place2,
      v128.and(
        i8x16.shuffle(before1, place1, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30),
        i8x16.shuffle(before0, place0, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29),
      ),
    );
    before0 = place0;
    before1 = place1;
    const feeds = i8x16.eq(v, feed);
    if (!v128.any_true(v128.or(hits, feeds))) continue;
    const room = end - p;
    const inside = room < 16 ? (1 << <i32>room) - 1 : 0xffff;
    const ends = i8x16.bitmask(feeds) & inside;
    const thirds = i8x16.bitmask(i8x16.ne(hits, zero)) & inside;
    for (let bits = ends | thirds; bits != 0; bits &= bits - 1) {
      const bit = bits & -bits;
      const at = p + ctz(bits);
      // The third byte may be the line feed.
      if ((thirds & bit) != 0 && kind != (MARK | PATTERN)) kind |= found(at - 2);
      if ((ends & bit) == 0) continue;
      if (kind == MARK) passed++;
      else {
        const row = ROWS + <usize>rows * ROW_BYTES;
        store<i32>(row, lines);
        store<u32>(row, <u32>start, 4);
        store<u32>(row, <u32>at, 8);
        store<i32>(row, kind, 12);
        rows++;
      }
      lines++;
      start = at + 1;
      kind = 0;
      if (rows == MOST_ROWS) {
        consumed = <i32>start - from;
        return rows;
      }
    }
  }
  consumed = <i32>start - from;
  return rows;
}
