// Guides for people who work with a detection: validation tests, playbook, investigation, hunts.
import { type AtomicTest, atomicTests, signalsOf, withDefaults } from '../atomic.ts'
import { codeBlock } from '../code.ts'
import { type Html, html, type Part } from '../html.ts'
import { markdown } from '../markdown.ts'
import { fileOf, plural } from '../model.ts'
import { caseTable, isValidation } from './evidence.ts'
import { download, pill, type Scope, statusPill } from './parts.ts'

const OS: Readonly<Record<string, string>> = { windows: 'Windows', linux: 'Linux', macos: 'macOS' }

export function validationSection(scope: Scope): Html {
  const tests = atomicTests(scope.entry)
  const cases = scope.entry.evidence.filter(isValidation)
  if (tests.length + cases.length === 0) return html`<p>This detection has no validation tests.</p>`
  const files = [...new Set(tests.map((t) => t.file))]
  const guids = tests.map((t) => t.auto_generated_guid.toLowerCase())
  const of = (i: number) => cases.filter((c) => c.case.validates?.toLowerCase() === guids[i])
  const others = cases.filter((c) => !guids.includes(c.case.validates?.toLowerCase() ?? ''))
  return html`<p>Benign commands that leave the signals of the technique, in the format of Atomic Red Team${files.map(
    (f) => {
      const to = download(scope, f)
      return to !== undefined && html` (<a href="${to}" download>${f}</a>)`
    },
  )}. Run them on a machine that you are allowed to test.</p>
${tests.map((t, i) => html`<h3 id="atomic-${i + 1}">${i + 1}. ${t.name}</h3>${one(t)}${of(i).length > 0 && html`<h4>Last result on recorded signals</h4>${caseTable(scope, of(i), `Signals of ${t.name}`)}`}`)}
${others.length > 0 && html`<h3>Last results on recorded signals</h3>${caseTable(scope, others, 'Signals of the validation tests')}`}`
}

function one(t: AtomicTest): Html {
  const { what, signals } = signalsOf(t.description)
  const args = Object.entries(t.input_arguments)
  const { executor: x } = t
  return html`<p>${what}</p>
<dl class="kv">
${signals !== undefined && html`<dt>Expected signals</dt><dd>${signals}</dd>`}
<dt>Runs on</dt><dd>${t.supported_platforms.map((p) => OS[p] ?? p).join(', ')}${x.elevation_required && html` ${pill('warn', 'as administrator')}`}</dd>
${
  args.length > 0 &&
  html`<dt>Arguments</dt><dd>${args.map(
    ([name, a]) =>
      html`<code>${name}</code> ${a.description} <span class="soft">${a.default === '' ? '(no default: to be given)' : html`(default <code>${a.default}</code>)`}</span><br>`,
  )}</dd>`
}
${t.dependencies.map((d) => html`<dt>Needs</dt><dd>${d.description}</dd>`)}
<dt>GUID</dt><dd><code>${t.auto_generated_guid}</code></dd>
</dl>
${t.dependencies.map((d): Part => [command(t, 'Check prerequisites', d.prereq_command, x.name), command(t, 'Get prerequisites', d.get_prereq_command, x.name)])}
${command(t, 'Run', x.command, x.name)}
${command(t, 'Clean up', x.cleanup_command, x.name)}`
}

const command = (t: AtomicTest, what: string, text: string, shell: string): Html =>
  codeBlock({
    text: withDefaults(text, t),
    language: shell,
    label: `${what}: ${t.name}`,
    caption: html`${what} <span class="soft">(${shell.replaceAll('_', ' ')})</span>`,
  })

/** A page of the folder as a section. */
function guide(scope: Scope, name: string, prefix: string, level: 3 | 4): Html | undefined {
  const path = fileOf(name)
  const text = scope.entry.folder.files.get(path)
  if (text === undefined) return undefined
  const { detection } = scope.entry
  const sections = new Map([
    [fileOf(detection.playbook), '#playbook'],
    [fileOf(detection.investigation), '#investigation'],
    ...detection.hunts.map((h, i) => [fileOf(h), `#hunt-${i + 1}`] as const),
  ])
  const address = (file: string) => (file === path ? undefined : sections.get(file)) ?? download(scope, file)
  return markdown(text, { path, prefix, level, address })
}

export const playbookSection = (scope: Scope): Html | undefined =>
  guide(scope, scope.entry.detection.playbook, 'playbook', 3)

export function investigationSection(scope: Scope): Html | undefined {
  const name = scope.entry.detection.investigation
  const body = guide(scope, name, 'investigation', 3)
  return body && html`${executed(scope, name)}${body}`
}

export function huntSection(scope: Scope): Html | undefined {
  const { hunts } = scope.entry.detection
  if (hunts.length === 0) return undefined
  return html`${hunts.map((name, i) => {
    const text = scope.entry.folder.files.get(fileOf(name)) ?? ''
    const title = /^#\s+(.*)$/m.exec(text)?.[1]?.replace(/^Hunt:\s*/i, '') ?? name
    return html`<h3 id="hunt-${i + 1}">${title}</h3>${executed(scope, name)}${guide(scope, name, `hunt-${i + 1}`, 4)}`
  })}`
}

/** The queries of these pages run as cases. */
function executed({ entry }: Scope, name: string): Html | undefined {
  const suffix = `/${fileOf(name)}`
  const runs = entry.results.filter((r) => r.page.endsWith(suffix) || r.page === fileOf(name))
  if (runs.length === 0) return undefined
  const failed = runs.filter((r) => r.status === 'failed')
  return html`<p class="promise">${statusPill(failed[0] ?? runs[0])} ${
    failed.length > 0
      ? `${failed.length} of ${plural(runs.length, 'step')} failed`
      : `${plural(runs.length, 'step')}: the queries run, and give what is shown`
  }.</p>`
}
