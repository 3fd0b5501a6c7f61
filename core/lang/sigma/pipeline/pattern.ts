// Patterns of pipelines, in Python's spelling. They run while a rule is compiled, where nothing watches them, so a pattern that could take
// exponentially long and that RE2 cannot run is refused when the pipeline is read.
import {
  isAmbiguous,
  matches,
  parseRegex,
  type Regex,
  replacement,
  type Runner,
  runner,
  support,
} from '../../../regex/regex.ts'

interface Pattern {
  readonly regex: Regex
  readonly run: Runner
}

/** Or the reason why the pattern cannot be used. */
export function patternOf(text: string): Pattern | string {
  const parsed = parseRegex(text)
  if (!parsed.ok) return parsed.error.reason
  const { regex } = parsed
  if (isAmbiguous(regex.root) && support(regex).re2.length > 0) return 'it could take exponentially long'
  const run = runner(regex)
  return run ? { regex, run } : 'no engine runs it'
}

export function isFound(pattern: string, text: string): boolean {
  const found = patternOf(pattern)
  return typeof found !== 'string' && found.run.test(text)
}

/** Python writes groups as `\1`. */
export function replaced(pattern: string, text: string, by: string): string {
  const found = patternOf(pattern)
  if (typeof found === 'string') return text
  const pieces = replacement(found.regex, by.replaceAll('$', '$$$$').replace(/\\(\d)/g, '$$$1'))
  let out = ''
  let last = 0
  for (const m of matches(found.run, text)) {
    out += text.slice(last, m.start) + pieces.map((p) => (typeof p === 'string' ? p : (m.group(p) ?? ''))).join('')
    last = m.end
  }
  return out + text.slice(last)
}
