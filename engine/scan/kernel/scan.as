// The scan kernel, in AssemblyScript: lines of JSON in memory → places of wanted values, and numbers of groups.
// It accepts a line only if it is certainly one JSON object as `core/logs/readers/json` reads it. Any other line is `ODD`: the reader in
// TypeScript reads it, and defines what it means. kernel.ts has the other half and the same numbers.

// ── memory, bytes ──
const FRAMES: usize = 0x10000; // open objects and arrays of a line
const NEEDLES: usize = 0x11000; // texts of which a line must have one: two vectors, then length, place of the pair, text
const CONDITIONS: usize = 0x14000;
const NON_NULL: usize = 0x1bf00; // for each key of the groups: lines that have it
const WANTED: usize = 0x1c000; // for each wanted name: length, flags, 56 bytes of text
const KEYS: usize = 0x20000; // table of keys by their path
const NAMES: usize = 0x80000; // paths of keys
const TEXTS: usize = 0x100000; // distinct values: place, length
const TEXT_SLOTS: usize = 0x200000;
const GROUP_SLOTS: usize = 0x280000;
const GROUPS: usize = 0x300000;
const ARENA: usize = 0x600000; // bytes of distinct values
const OUT: usize = 0xa00000; // rows
const STATES: usize = 0xc00000; // for each distinct value, a byte for each test that is asked for outside
const BLOCK: usize = 0xc80000;
const ASKED: usize = 0x60000; // values and tests whose answers are not known yet
const ASKS: usize = 0x1d000; // for each such test: values looked up, values asked for, whether it is off

const KEY_BYTES: usize = 64;
const KEY_SLOTS: u32 = 4096;
const MOST_KEYS: i32 = 3000;
const MOST_NAME: i32 = 1024;
const MOST_DEPTH: i32 = 60;
const MOST_TEXTS: i32 = 65000;
const TEXT_SLOT_MASK: u32 = 0x1ffff;
const MOST_GROUPS: i32 = 65000;
const MOST_ASKED: i32 = 30000;
const LONGEST_ASKED: i32 = 256;
const GROUP_BYTES: usize = 48; // ids of up to eight keys, then the count
const WANTED_BYTES: usize = 64;
const NEEDLE_BYTES: usize = 128;
const HAS_ESCAPE: i32 = i32.MIN_VALUE;
const IS_WIDE: i32 = 4; // flag of a row: the line has more than ASCII

// Kinds of rows
const ODD: i32 = 0;
const ROW: i32 = 1;
const RULED_OUT: i32 = 2;

// Answers of tests. The reader's own filter decides what only may hold.
const FAILS: i32 = 0;
const HOLDS: i32 = 1;
const MAY_HOLD: i32 = 2;
// Beside HOLDS, of a value and a test
const IS_ASKED: i32 = 3;
const IS_NO: i32 = 4;

// Forms of tests
const BEGINS: i32 = 1; // a value begins the field's value; the first field counts
const NEGATED: i32 = 2;
const HOLDS_FOR_NONE: i32 = 4; // it holds without a field

// Flags of keys
const DOTTED: i32 = 1;
const BRACKETED: i32 = 2;
const IN_ARRAY: i32 = 4;

let wanted: i32 = 0;
let needles: i32 = 0;
let slashes: bool = false;
let everything: bool = false;
let groupKeys: i32 = -1; // none: lines are not counted in groups
let groupPlan: usize = 0;
let keys: i32 = 0;
let namesEnd: usize = NAMES;
let texts: i32 = 0;
let arenaEnd: usize = ARENA;
let objects: u32 = 0;
/** The key with which the last record began. Feeds repeat their layout, so each key is guessed by the one before. */
let firstKey: usize = 0;

// Results of the last scan
export let consumed: i32 = 0;
export let lines: i32 = 0;
/** Lines that were ruled out by the needles: only their shape was checked. */
export let passed: i32 = 0;
/** Valid lines that were counted in a group, or that no condition lets through. */
export let counted: i32 = 0;
export let grouped: i32 = 0;
export let groups: i32 = 0;
export let textCount: i32 = 0;
export let asked: i32 = 0;
/** There is no room for a new value. */
export let isFull: bool = false;

/** `all`: rows of valid lines that are ruled out are reported too. `plan`: for each key of the groups, how many slots and which. */
export function prepare(wantedNames: i32, needleCount: i32, hasSlashes: i32, all: i32, keysOfGroups: i32, plan: i32): void {
  wanted = wantedNames;
  needles = needleCount;
  slashes = hasSlashes != 0;
  everything = all != 0;
  groupKeys = keysOfGroups;
  groupPlan = <usize>plan;
  forgetKeys();
  forgetTexts();
  for (let i = 0; i < needleCount; i++) {
    const n = NEEDLES + <usize>i * NEEDLE_BYTES;
    const at = n + 40 + <usize>load<i32>(n, 36);
    v128.store(n, i8x16.splat(load<i8>(at)));
    v128.store(n, i8x16.splat(load<i8>(at, 1)), 16);
  }
}

function forgetKeys(): void {
  memory.fill(KEYS, 0, <usize>KEY_SLOTS * KEY_BYTES);
  keys = 0;
  namesEnd = NAMES;
  objects = 0;
  firstKey = 0;
}

/** Distinct values and groups begin anew. */
export function forgetTexts(): void {
  memory.fill(TEXT_SLOTS, 0, (<usize>TEXT_SLOT_MASK + 1) * 4);
  memory.fill(GROUP_SLOTS, 0, (<usize>TEXT_SLOT_MASK + 1) * 4);
  texts = 0;
  textCount = 0;
  isFull = false;
  asked = 0;
  groups = 0;
  arenaEnd = ARENA;
}

@inline function byte(p: usize): i32 { return <i32>load<u8>(p); }

function same(a: usize, b: usize, n: i32): bool {
  let i = 0;
  for (; i + 8 <= n; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false;
  for (; i < n; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false;
  return true;
}

@inline function mix(h: u64): u64 {
  let x = h * 0x9e3779b97f4a7c15;
  x ^= x >> 32;
  return x * 0xd6e8feb86659fd93;
}

// ── keys ──

@inline function low(n: i32): u64 { return n >= 8 ? u64.MAX_VALUE : ((<u64>1 << (<u64>n << 3)) - 1); }

/** The entry of the key below `parent` (0: the record; odd: an array of that entry). 0: there is no room. */
function keyAt(parent: usize, at: usize, n: i32): usize {
  const a = load<u64>(at) & low(n);
  const b: u64 = n > 8 ? load<u64>(at + n - 8) : 0;
  let slot = <u32>(mix(a ^ (b << 7 | b >> 57) ^ (<u64>parent << 20) ^ <u64>n) >> 40) & (KEY_SLOTS - 1);
  while (true) {
    const e = KEYS + <usize>slot * KEY_BYTES;
    const length = load<i32>(e, 16);
    if (load<i32>(e, 32) == 0) return insert(e, parent, a, b, at, n);
    if (load<u64>(e) == a && load<u64>(e, 8) == b && length == n && <usize>load<u32>(e, 20) == parent) {
      if (n <= 16 || same(<usize>load<u32>(e, 36) + load<i32>(e, 40) - n, at, n)) return e;
    }
    slot = (slot + 1) & (KEY_SLOTS - 1);
  }
}

function insert(e: usize, parent: usize, a: u64, b: u64, at: usize, n: i32): usize {
  const above = parent & ~1;
  const isInArray = (parent & 1) != 0 || (above != 0 && (load<i32>(above, 28) & IN_ARRAY) != 0);
  const before = above == 0 ? 0 : load<i32>(above, 40) + 1;
  if (keys >= MOST_KEYS || before + n > MOST_NAME || namesEnd + before + n + 64 > TEXTS) return 0;
  keys++;
  const name = namesEnd;
  if (above != 0) {
    memory.copy(name, <usize>load<u32>(above, 36), before - 1);
    store<u8>(name + before - 1, 0x2e);
  }
  memory.copy(name + before, at, n);
  const length = before + n;
  namesEnd += length + 16;
  let flags = isInArray ? IN_ARRAY : 0;
  for (let i = 0; i < n; i++) {
    const c = byte(at + i);
    if (c == 0x2e) flags |= DOTTED;
    if (c == 0x5b) flags |= BRACKETED;
  }
  let slot = -1;
  if (!isInArray) {
    for (let i = 0; i < wanted; i++) {
      const w = WANTED + <usize>i * WANTED_BYTES;
      if (load<i32>(w) == length && same(w + 8, name, length)) slot = i;
    }
  }
  store<u64>(e, a);
  store<u64>(e, b, 8);
  store<i32>(e, n, 16);
  store<u32>(e, <u32>parent, 20);
  store<u32>(e, 0, 24); // the object that had it last
  store<i32>(e, flags, 28);
  store<i32>(e, 1, 32); // in use
  store<u32>(e, <u32>name, 36);
  store<i32>(e, length, 40);
  store<i32>(e, slot, 44);
  store<u32>(e, 0, 48); // the key that came after it
  store<u32>(e, 0, 52); // the key with which its object began
  store<u64>(e, low(n), 56);
  return e;
}

/** Is the name at `at` that of the entry, up to the closing quote? */
@inline function isName(e: usize, parent: usize, at: usize): bool {
  const n = load<i32>(e, 16);
  return (
    load<u8>(at + n) == 0x22 &&
    (load<u64>(at) & load<u64>(e, 56)) == load<u64>(e) &&
    <usize>load<u32>(e, 20) == parent &&
    (n <= 8 || (load<u64>(at + n - 8) == load<u64>(e, 8) && (n <= 16 || same(<usize>load<u32>(e, 36) + load<i32>(e, 40) - n, at, n))))
  );
}

// ── a line ──

/** The first quote, backslash or control character from `p` on. There is one: the line feed. */
@inline function special(p: usize): usize {
  let at = p;
  while (true) {
    const v = v128.load(at);
    const m = i8x16.bitmask(v128.or(v128.or(i8x16.eq(v, i8x16.splat(0x22)), i8x16.eq(v, i8x16.splat(0x5c))), i8x16.lt_u(v, i8x16.splat(0x20))));
    if (m != 0) return at + <usize>ctz(m);
    at += 16;
  }
}

@inline function spaces(p: usize): usize {
  let at = p;
  while (load<u8>(at) == 0x20) at++;
  return at;
}

@inline function isDigit(c: i32): bool { return <u32>(c - 0x30) < 10; }
@inline function isHex(c: i32): bool { return isDigit(c) || <u32>((c | 0x20) - 0x61) < 6; }

/** The end of a number, true, false or null; 0: it is none. */
function endOfBare(p: usize): usize {
  let at = p;
  let c = byte(at);
  if (c == 0x6e) return load<u32>(at) == 0x6c6c756e ? at + 4 : 0;
  if (c == 0x74) return load<u32>(at) == 0x65757274 ? at + 4 : 0;
  if (c == 0x66) return load<u32>(at, 1) == 0x65736c61 ? at + 5 : 0;
  if (c == 0x2d) c = byte(++at);
  if (c == 0x30) at++;
  else {
    if (!isDigit(c)) return 0;
    while (isDigit(byte(at))) at++;
  }
  if (byte(at) == 0x2e) {
    at++;
    if (!isDigit(byte(at))) return 0;
    while (isDigit(byte(at))) at++;
  }
  if ((byte(at) | 0x20) == 0x65) {
    at++;
    const sign = byte(at);
    if (sign == 0x2b || sign == 0x2d) at++;
    if (!isDigit(byte(at))) return 0;
    while (isDigit(byte(at))) at++;
  }
  return at;
}

/** Of an escape sequence after its backslash at `p`: its length with it; 0: it is none. */
@inline function escapeAt(p: usize): i32 {
  const c = byte(p + 1);
  if (c == 0x5c || c == 0x22 || c == 0x2f || c == 0x62 || c == 0x66 || c == 0x6e || c == 0x72 || c == 0x74) return 2;
  return c == 0x75 && isHex(byte(p + 2)) && isHex(byte(p + 3)) && isHex(byte(p + 4)) && isHex(byte(p + 5)) ? 6 : 0;
}

/** Checks the object that begins at `p` and ends right before `end`. Stores the places of wanted values at `slots`. False: the line is odd. */
function walk(p: usize, end: usize, slots: usize): bool {
  if (byte(p) != 0x7b) return false;
  let depth = 0;
  let parent: usize = 0;
  let isArray = false;
  let object = ++objects;
  let seen = 0;
  let isNested = false;
  let at = spaces(p + 1);
  let entry: usize = 0;
  /** The entry of the key before in the same object. */
  let before: usize = 0;
  let isClosing = byte(at) == 0x7d;
  if (isClosing) at++;
  while (true) {
    if (!isClosing) {
      if (!isArray) {
        if (byte(at) != 0x22) return false;
        const name = at + 1;
        const above = parent & ~1;
        entry = <usize>(before != 0 ? load<u32>(before, 48) : above != 0 ? load<u32>(above, 52) : <u32>firstKey);
        let nameEnd = name;
        if (entry != 0 && isName(entry, parent, name)) nameEnd += load<i32>(entry, 16);
        else {
          nameEnd = special(name);
          if (byte(nameEnd) != 0x22) return false;
          entry = keyAt(parent, name, <i32>(nameEnd - name));
          if (entry == 0) return false;
          if (before != 0) store<u32>(before, <u32>entry, 48);
          else if (above != 0) store<u32>(above, <u32>entry, 52);
          else firstKey = entry;
        }
        before = entry;
        if (load<u32>(entry, 24) == object) return false;
        store<u32>(entry, object, 24);
        seen |= load<i32>(entry, 28);
        at = nameEnd + 1;
        if (byte(at) != 0x3a) {
          at = spaces(at);
          if (byte(at) != 0x3a) return false;
        }
        at++;
        if (byte(at) == 0x20) at = spaces(at);
      }
      const c = byte(at);
      if (c == 0x22) {
        const from = at + 1;
        let to = special(from);
        let flag = 0;
        while (byte(to) != 0x22) {
          if (byte(to) != 0x5c) return false;
          const n = escapeAt(to);
          if (n == 0) return false;
          flag = HAS_ESCAPE;
          to = special(to + n);
        }
        at = to + 1;
        if (!isArray) {
          const slot = load<i32>(entry, 44);
          if (slot >= 0) {
            const s = slots + <usize>slot * 8;
            if (load<i32>(s) != 0) return false;
            store<i32>(s, <i32>from);
            store<i32>(s, <i32>to | flag, 4);
          }
        }
      } else if (c == 0x7b || c == 0x5b) {
        if (depth >= MOST_DEPTH) return false;
        isNested = true;
        const frame = FRAMES + <usize>depth * 16;
        store<u32>(frame, <u32>parent);
        store<u32>(frame, object, 4);
        store<i32>(frame, <i32>isArray, 8);
        store<u32>(frame, <u32>before, 12);
        before = 0;
        depth++;
        // An array inside an array has the parent of the outer one: the depth tells their members apart.
        parent = isArray ? (parent | 1) : entry;
        at = spaces(at + 1);
        isArray = c == 0x5b;
        if (isArray) parent |= 1;
        else object = ++objects;
        isClosing = byte(at) == (isArray ? 0x5d : 0x7d);
        if (isClosing) at++;
        if (!isClosing) continue;
      } else {
        const to = endOfBare(at);
        if (to == 0) return false;
        if (!isArray && c != 0x6e) {
          const slot = load<i32>(entry, 44);
          if (slot >= 0) {
            const s = slots + <usize>slot * 8;
            if (load<i32>(s) != 0) return false;
            store<i32>(s, <i32>at);
            store<i32>(s, <i32>to, 4);
          }
        }
        at = to;
      }
    }
    // After a value, or after the end of an object or array
    while (true) {
      if (isClosing) {
        isClosing = false;
        if (depth == 0) {
          if (seen & BRACKETED) return false;
          // `{"a.b":1,"a":{"b":2}}`: two paths with one name.
          return at == end && !(isNested && (seen & DOTTED) != 0);
        }
        depth--;
        const frame = FRAMES + <usize>depth * 16;
        parent = <usize>load<u32>(frame);
        object = load<u32>(frame, 4);
        isArray = load<i32>(frame, 8) != 0;
        before = <usize>load<u32>(frame, 12);
      }
      let c = byte(at);
      if (c == 0x20) {
        at = spaces(at);
        c = byte(at);
      }
      at++;
      if (c == 0x2c) {
        if (byte(at) == 0x20) at = spaces(at);
        break;
      }
      if (c != (isArray ? 0x5d : 0x7d)) return false;
      isClosing = true;
    }
  }
}

/** Is the text valid UTF-8? */
function isUtf8(from: usize, to: usize): bool {
  let p = from;
  while (p < to) {
    const c = byte(p);
    if (c < 0x80) { p++; continue; }
    let n = 0;
    let least = 0x80;
    let most = 0xbf;
    if (c >= 0xc2 && c <= 0xdf) n = 1;
    else if (c >= 0xe0 && c <= 0xef) {
      n = 2;
      if (c == 0xe0) least = 0xa0;
      if (c == 0xed) most = 0x9f;
    } else if (c >= 0xf0 && c <= 0xf4) {
      n = 3;
      if (c == 0xf0) least = 0x90;
      if (c == 0xf4) most = 0x8f;
    } else return false;
    if (p + n >= to) return false;
    const second = byte(p + 1);
    if (second < least || second > most) return false;
    for (let i = 2; i <= n; i++) if ((byte(p + i) & 0xc0) != 0x80) return false;
    p += n + 1;
  }
  return true;
}

// ── conditions: for each source, tests of which each asks that one of some slots has one of some texts ──

function passes(slots: usize): i32 {
  let p = CONDITIONS;
  const sources = load<i32>(p);
  if (sources == 0) return HOLDS;
  p += 4;
  let best = FAILS;
  for (let i = 0; i < sources; i++) {
    const tests = load<i32>(p);
    const next = p + <usize>load<i32>(p, 4);
    p += 8;
    let answer = HOLDS;
    for (let j = 0; j < tests && answer != FAILS; j++) {
      const nextTest = p + <usize>load<i32>(p);
      const one = testAt(p + 4, slots);
      if (one != HOLDS) answer = one == FAILS || answer == HOLDS ? one : answer;
      p = nextTest;
    }
    if (answer == HOLDS) return HOLDS;
    if (answer != FAILS) best = answer;
    p = next;
  }
  return best;
}

function testAt(at: usize, slots: usize): i32 {
  const names = load<i32>(at);
  const values = load<i32>(at, 4);
  const form = load<i32>(at, 8);
  const first = at + 12 + <usize>names * 4;
  let isOther = false;
  for (let i = 0; i < names; i++) {
    const s = slots + <usize>load<i32>(at + 12 + <usize>i * 4) * 8;
    const from = load<i32>(s);
    if (from == 0) continue;
    const to = load<i32>(s, 4);
    if (values < 0) return answerTo(-1 - values, <usize>from, (to & ~HAS_ESCAPE) - from, to & HAS_ESCAPE);
    // No values: it is enough that the field is there.
    if (values == 0) return HOLDS;
    if (to < 0) return MAY_HOLD;
    const n = to - from;
    let isFound = false;
    let v = first;
    for (let j = 0; j < values && !isFound; j++) {
      const length = load<i32>(v);
      isFound = (length == n || (length < n && (form & BEGINS) != 0)) && same(v + 4, <usize>from, length);
      v += 4 + (<usize>((length + 3) & ~3));
    }
    if ((form & BEGINS) != 0) return isFound != ((form & NEGATED) != 0) ? HOLDS : FAILS;
    // The value of the first field counts.
    if (isFound) return isOther ? MAY_HOLD : HOLDS;
    isOther = true;
  }
  return (form & HOLDS_FOR_NONE) != 0 ? HOLDS : FAILS;
}

/** The answer of a test for a value. Each distinct value is asked for once, after the scan; until then it may hold. */
function answerTo(test: i32, from: usize, n: i32, flag: i32): i32 {
  const counts = ASKS + (<usize>test << 4);
  if (load<i32>(counts, 8) != 0 || n > LONGEST_ASKED) return MAY_HOLD;
  store<i32>(counts, load<i32>(counts) + 1);
  const id = textId(from, n, flag);
  if (id == 0) return MAY_HOLD;
  const state = STATES + (<usize>id << 3) + <usize>test;
  const answer = <i32>load<u8>(state);
  if (answer == HOLDS) return HOLDS;
  if (answer == IS_NO) return FAILS;
  if (answer != IS_ASKED && asked < MOST_ASKED) {
    store<u8>(state, IS_ASKED);
    store<i32>(ASKED + (<usize>asked << 2), (id << 3) | test);
    store<i32>(counts, load<i32>(counts, 4) + 1, 4);
    asked++;
  }
  return MAY_HOLD;
}

// ── distinct values and groups ──

/** Number of the value from 1 on; 0: there is no room. */
function textId(from: usize, n: i32, flag: i32): i32 {
  let h: u64 = <u64>n;
  let i = 0;
  for (; i + 8 <= n; i += 8) h = mix(h ^ load<u64>(from + i));
  if (i < n) h = mix(h ^ (load<u64>(from + i) & low(n - i)));
  let slot = <u32>(h >> 33) & TEXT_SLOT_MASK;
  while (true) {
    const id = load<i32>(TEXT_SLOTS + (<usize>slot << 2));
    if (id == 0) {
      if (texts >= MOST_TEXTS || arenaEnd + n + 16 > OUT) {
        isFull = true;
        return 0;
      }
      texts++;
      textCount = texts;
      store<u64>(STATES + (<usize>texts << 3), 0);
      const t = TEXTS + (<usize>texts << 4);
      store<u32>(t, <u32>arenaEnd);
      store<i32>(t, n | flag, 4);
      store<u64>(t, h, 8);
      memory.copy(arenaEnd, from, n);
      arenaEnd += n;
      store<i32>(TEXT_SLOTS + (<usize>slot << 2), texts);
      return texts;
    }
    const t = TEXTS + (<usize>id << 4);
    if (load<u64>(t, 8) == h && (load<i32>(t, 4) & ~HAS_ESCAPE) == n && same(<usize>load<u32>(t), from, n)) return id;
    slot = (slot + 1) & TEXT_SLOT_MASK;
  }
}

function countKeys(ids: usize): void {
  for (let k: usize = 0; k < <usize>groupKeys; k++) {
    if (load<i32>(ids + k * 4) != 0) store<i32>(NON_NULL + k * 4, load<i32>(NON_NULL + k * 4) + 1);
  }
}

/** Counts the line in its group. False: there is no room for a new value or group. */
function group(slots: usize): bool {
  const ids = GROUPS + (<usize>groups + 1) * GROUP_BYTES;
  let p = groupPlan;
  let h: u64 = 7;
  for (let k = 0; k < groupKeys; k++) {
    const names = load<i32>(p);
    p += 4;
    let id = 0;
    for (let i = 0; i < names; i++) {
      const s = slots + <usize>load<i32>(p + <usize>i * 4) * 8;
      const from = load<i32>(s);
      if (from == 0) continue;
      const to = load<i32>(s, 4);
      id = textId(<usize>from, (to & ~HAS_ESCAPE) - from, to & HAS_ESCAPE);
      if (id == 0) return false;
      break;
    }
    p += <usize>names * 4;
    store<i32>(ids + <usize>k * 4, id);
    h = mix(h ^ <u64>id);
  }
  let slot = <u32>(h >> 33) & TEXT_SLOT_MASK;
  while (true) {
    const g = load<i32>(GROUP_SLOTS + (<usize>slot << 2));
    if (g == 0) {
      if (groups >= MOST_GROUPS) return false;
      groups++;
      store<i32>(ids, 1, 32);
      store<i32>(GROUP_SLOTS + (<usize>slot << 2), groups);
      countKeys(ids);
      return true;
    }
    const e = GROUPS + <usize>g * GROUP_BYTES;
    let equal = true;
    for (let k = 0; k < groupKeys; k++) if (load<i32>(e + <usize>k * 4) != load<i32>(ids + <usize>k * 4)) equal = false;
    if (equal) {
      store<i32>(e, load<i32>(e, 32) + 1, 32);
      countKeys(ids);
      return true;
    }
    slot = (slot + 1) & TEXT_SLOT_MASK;
  }
}

// ── the scan ──

/** Of vectors of characters and of those after them: the pairs of the needles from the second on, and of escapes that may hide a needle. */
@inline function otherPairs(x: v128, y: v128): v128 {
  const z = i8x16.eq(x, i8x16.splat(0x5c));
  let found = v128.and(z, i8x16.eq(y, i8x16.splat(0x75)));
  if (slashes) found = v128.or(found, v128.and(z, i8x16.eq(y, i8x16.splat(0x2f))));
  for (let i = 1; i < needles; i++) {
    const n = NEEDLES + <usize>i * NEEDLE_BYTES;
    found = v128.or(found, v128.and(i8x16.eq(x, v128.load(n)), i8x16.eq(y, v128.load(n, 16))));
  }
  return found;
}

function isHit(at: usize, start: usize): bool {
  if (load<u8>(at) == 0x5c) {
    if (slashes && load<u8>(at, 1) == 0x2f) return true;
    // Only `\u0020` to `\u007f` hide printable ASCII.
    if (load<u8>(at, 1) == 0x75 && load<u16>(at, 2) == 0x3030 && <u32>(byte(at + 4) - 0x32) < 6) return true;
  }
  for (let i = 0; i < needles; i++) {
    const n = NEEDLES + <usize>i * NEEDLE_BYTES;
    const text = at - <usize>load<i32>(n, 36);
    if (text >= start && same(n + 40, text, load<i32>(n, 32))) return true;
  }
  return false;
}

/** Scans the lines in [from, to), which ends after a line feed. Returns the number of rows; `consumed`, `lines` and the others tell the rest. */
export function scan(from: usize, to: usize): i32 {
  const width = 16 + <usize>wanted * 8;
  const last = BLOCK - width;
  let row = OUT;
  let rows = 0;
  let start = from;
  lines = 0;
  passed = 0;
  counted = 0;
  grouped = 0;
  asked = 0;
  const first = v128.load(NEEDLES);
  const second = v128.load(NEEDLES, 16);
  if (objects > 0xf0000000) forgetKeys();
  while (start < to && row <= last) {
    if (keys > MOST_KEYS - 600 || namesEnd > TEXTS - 0x10000) forgetKeys();
    let at = start;
    let hit = needles == 0;
    let isHigh = false;
    let isOdd = false;
    let end: usize = 0;
    while (!hit && end == 0) {
      const x = v128.load(at);
      const y = v128.load(at, 1);
      const x2 = v128.load(at, 16);
      const y2 = v128.load(at, 17);
      const c = v128.or(v128.and(i8x16.eq(x, first), i8x16.eq(y, second)), otherPairs(x, y));
      const c2 = v128.or(v128.and(i8x16.eq(x2, first), i8x16.eq(y2, second)), otherPairs(x2, y2));
      const m = i8x16.lt_s(x, i8x16.splat(0x20));
      const m2 = i8x16.lt_s(x2, i8x16.splat(0x20));
      if (v128.any_true(v128.or(v128.or(c, c2), v128.or(m, m2)))) {
        let rest = i8x16.bitmask(c) | (i8x16.bitmask(c2) << 16);
        while (rest != 0) {
          const found = at + <usize>ctz(rest);
          rest &= rest - 1;
          if (isHit(found, start)) {
            hit = true;
            break;
          }
        }
        rest = i8x16.bitmask(m) | (i8x16.bitmask(m2) << 16);
        while (rest != 0) {
          const found = at + <usize>ctz(rest);
          rest &= rest - 1;
          const code = load<u8>(found);
          if (code == 10) {
            end = found;
            break;
          }
          if (code >= 0x80) isHigh = true;
          else if (code != 13 || load<u8>(found, 1) != 10) isOdd = true;
        }
      }
      at += 32;
    }
    while (end == 0) {
      const m = i8x16.lt_s(v128.load(at), i8x16.splat(0x20));
      const m2 = i8x16.lt_s(v128.load(at, 16), i8x16.splat(0x20));
      const m3 = i8x16.lt_s(v128.load(at, 32), i8x16.splat(0x20));
      const m4 = i8x16.lt_s(v128.load(at, 48), i8x16.splat(0x20));
      if (v128.any_true(v128.or(v128.or(m, m2), v128.or(m3, m4)))) {
        const lower = <u64>(<u32>(i8x16.bitmask(m) | (i8x16.bitmask(m2) << 16)));
        let rest = lower | (<u64>(<u32>(i8x16.bitmask(m3) | (i8x16.bitmask(m4) << 16))) << 32);
        while (rest != 0) {
          const found = at + <usize>ctz(rest);
          rest &= rest - 1;
          const code = load<u8>(found);
          if (code == 10) {
            end = found;
            break;
          }
          if (code >= 0x80) isHigh = true;
          else if (code != 13 || load<u8>(found, 1) != 10) isOdd = true;
        }
      }
      at += 64;
    }
    const close = end > start && load<u8>(end - 1) == 13 ? end - 1 : end;
    if (isHigh && !isOdd) isOdd = !isUtf8(start, close);
    let kind = ODD;
    if (!isOdd) {
      if (!hit) {
        // A hit beyond the line feed is none, but costs no more than a walk.
        if (close > start + 1 && load<u8>(start) == 0x7b && load<u8>(close - 1) == 0x7d) kind = RULED_OUT;
        if (kind == RULED_OUT && !everything) {
          passed++;
          lines++;
          start = end + 1;
          continue;
        }
      }
      memory.fill(row + 16, 0, width - 16);
      if (walk(start, close, row + 16)) {
        const answer = hit ? passes(row + 16) : FAILS;
        kind = answer != FAILS ? ROW : RULED_OUT;
        if (answer == HOLDS && groupKeys >= 0 && group(row + 16)) {
          grouped++;
          kind = RULED_OUT;
        }
        if (kind == RULED_OUT && !everything) {
          counted++;
          lines++;
          start = end + 1;
          continue;
        }
      } else kind = ODD;
    }
    store<i32>(row, kind | (isHigh ? IS_WIDE : 0));
    store<i32>(row, lines, 4);
    store<i32>(row, <i32>start, 8);
    store<i32>(row, <i32>(kind == ODD ? end : close), 12);
    row += width;
    rows++;
    lines++;
    start = end + 1;
  }
  consumed = <i32>(start - from);
  return rows;
}
