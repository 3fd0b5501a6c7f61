// A hunt as one page that needs no server and loads nothing: time line, rules, hosts, ATT&CK matrix, and the findings with their events.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { attack, tactics, techniqueNamed, techniqueUrl } from '../../core/detect/attack/attack.ts'
import { printForeign } from '../../core/text/foreign.ts'
import { external, Html, html, jsonInScript, type Part } from '../html.ts'
import { style as siteStyle } from '../style.ts'
import { client } from './client.ts'
import { type FiredRule, type HuntPage, LEVELS, levelOf, type ShownFinding } from './model.ts'

const style = `${siteStyle}
.critical{background:#7a1216;color:#fff}.high{background:var(--badbg);color:var(--bad)}.medium{background:var(--warnbg);color:var(--warn)}.low{background:var(--accbg);color:var(--acc)}.informational{background:var(--code);color:var(--ink)}
.time svg{width:100%;height:9rem;display:block}.time .critical{fill:#7a1216}.time .high{fill:#c9484c}.time .medium{fill:#c98a1e}.time .low{fill:#2f8ba3}.time .informational{fill:#8b929c}
.time p{display:flex;justify-content:space-between;margin:.2rem 0;max-width:none}
.legend{list-style:none;padding:0;display:flex;gap:.8rem;flex-wrap:wrap}
#filter{display:none;gap:.6rem;flex-wrap:wrap;align-items:end;margin:.6rem 0}.js #filter{display:flex}#filter label{display:block;font-size:.8rem;color:var(--soft)}
#filter select{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--soft);border-radius:6px;padding:.3rem .4rem;max-width:18rem}
#list{list-style:none;padding:0}#list>li{border-bottom:1px solid var(--line);padding:.6rem 0;max-width:none}#list p{margin:.1rem 0;max-width:none}#list .kv{font-size:.86rem;margin:.3rem 0;gap:.1rem 1rem}
.kv dd,.kv dt{overflow-wrap:anywhere}.event{border-left:3px solid var(--line);padding-left:.8rem;white-space:pre-wrap}
.link{font:inherit;background:none;border:0;padding:0;color:var(--acc);text-decoration:underline;text-align:left;cursor:pointer}
header.top nav{flex-wrap:wrap;gap:.2rem 1.1rem}td .soft{overflow-wrap:anywhere}td:nth-child(3):not(.n){min-width:6rem}td.n,th.n{text-align:right;padding-right:1.2rem}.small-matrix .tactic li{font-size:.86rem}
@media(max-width:60rem){#list .kv{grid-template-columns:minmax(0,1fr)}}
`.replaceAll('\n', '')

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
const POLICY = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(client)}; img-src data:; form-action 'none'; base-uri 'none'`

/** Characters of packed events on a page of 10 MB. */
const MOST_PACKED = 6_500_000
const BLOCK = 50
/** Characters of a field in the list; the event has all of them. */
const MOST_SHOWN = 300

/** Texts of rules and logs in one line each, without characters that a terminal or a CI log would obey: the page can be printed. */
const inert = (text: string): string => printForeign(text, 'terminal').replaceAll('\n', ' ')

function inertHunt(hunt: HuntPage): HuntPage {
  return {
    ...hunt,
    logs: hunt.logs.map((l) => ({ ...l, name: inert(l.name) })),
    fired: hunt.fired.map((r) => ({ ...r, title: inert(r.title), file: inert(r.file) })),
    silent: hunt.silent.map((s) => ({ ...s, reason: inert(s.reason) })),
    findings: hunt.findings.map((f) => ({ ...f, host: inert(f.host), user: inert(f.user), log: inert(f.log) })),
  }
}

export function huntPage(given: HuntPage): string {
  const hunt = inertHunt(given)
  const { findings, fired } = hunt
  const total = fired.reduce((n, r) => n + r.findings, 0)
  const packed = pack(hunt)
  const hosts = countHosts(hunt)
  const sections: readonly (readonly [id: string, title: string, body: Part])[] = [
    ['time', 'Time line', timeLine(hunt)],
    ['rules', 'By rule', ruleTable(fired)],
    ['hosts', 'By host', hostTable(hosts)],
    ['attack', 'ATT&CK', matrix(fired)],
    ['findings', 'Findings', findingList(hunt, hosts, total, packed.without)],
    ['read', 'Logs and other rules', readSection(hunt)],
  ]
  return html`${new Html('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Hunt: ${total} findings of ${fired.length} rules</title>
<link rel="icon" href="data:,">
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top"><div><span class="brand">Assay <span>hunt</span></span>
<nav aria-label="Page">${sections.map(([id, title]) => html`<a href="#${id}">${title}</a>`)}</nav></div></header>
<main id="main" class="page" tabindex="-1">
<h1>${total.toLocaleString('en')} ${total === 1 ? 'finding' : 'findings'} of ${fired.length} ${fired.length === 1 ? 'rule' : 'rules'}</h1>
${hunt.stopped && html`<p class="note draft">The hunt was stopped. The findings are those until then.</p>`}
<dl class="facts">
<div><dt>Events read</dt><dd>${hunt.events.toLocaleString('en')}<small>${hunt.logs.length} ${hunt.logs.length === 1 ? 'file' : 'files'}</small></dd></div>
<div><dt>Rules</dt><dd>${hunt.rules.toLocaleString('en')}<small>${fired.length} with findings</small></dd></div>
<div><dt>Hosts</dt><dd>${hosts.length}<small>with findings</small></dd></div>
${LEVELS.map((level) => html`<div><dt>${level}</dt><dd>${countOf(fired, level).toLocaleString('en')}</dd></div>`)}
</dl>
${sections.map(([id, title, body]) => html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>`)}
</main>
<footer class="end"><div><p>Made ${hunt.date} by Assay ${hunt.version}. The page loads nothing and sends nothing. ${findings.length.toLocaleString('en')} findings are in it.</p>
<p>MITRE ATT&amp;CK® ids and names: ${attack.notice}</p></div></footer>
<script type="application/json" id="packed">${jsonInScript({ findings: packed.findings, events: packed.events })}</script>
<script>${new Html(client)}</script>
</body>
</html>
`.text
}

const countOf = (fired: readonly FiredRule[], level: string): number =>
  fired.filter((r) => levelOf(r.level) === level).reduce((n, r) => n + r.findings, 0)

interface Packed {
  readonly findings: string
  readonly events: readonly string[]
  /** Findings whose event did not fit. */
  readonly without: number
}

const packText = (value: unknown): string => gzipSync(JSON.stringify(value), { level: 9 }).toString('base64')

/** Findings in one text; events in blocks, which the page unpacks when it shows one. The newest findings of each rule come first. */
function pack({ findings, fired }: HuntPage): Packed {
  const names = new Map<string, number>()
  const nameOf = (text: string): number => {
    const known = names.get(text) ?? names.size
    names.set(text, known)
    return known
  }
  const places = new Map<ShownFinding, readonly [block: number, at: number]>()
  const events: string[] = []
  let size = 0
  const withEvent = byRank(findings).filter((f) => f.event !== null)
  for (let from = 0; from < withEvent.length && size < MOST_PACKED; from += BLOCK) {
    const block = withEvent.slice(from, from + BLOCK)
    const text = packText(block.map((f) => f.event))
    size += text.length
    block.forEach((f, at) => {
      places.set(f, [events.length, at])
    })
    events.push(text)
  }
  const rows = findings.map((f) => [
    f.rule,
    f.time,
    nameOf(f.host),
    nameOf(f.user),
    nameOf(f.log),
    f.line,
    f.fields.map(([name, text]) => [nameOf(name), text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text]),
    places.get(f) ?? null,
  ])
  const rules = fired.map((r) => ({ t: r.title, l: levelOf(r.level), k: r.techniques }))
  return {
    findings: packText({ rows, rules, names: [...names.keys()] }),
    events,
    without: withEvent.length - places.size,
  }
}

/** The newest finding of every rule, then the second newest of every rule, and so on. */
function byRank(findings: readonly ShownFinding[]): ShownFinding[] {
  const ranks = new Map<number, number>()
  const newest = [...findings].sort((a, b) => (b.time ?? 0) - (a.time ?? 0))
  const ranked = newest.map((f) => {
    const rank = ranks.get(f.rule) ?? 0
    ranks.set(f.rule, rank + 1)
    return { f, rank }
  })
  return ranked.sort((a, b) => a.rank - b.rank).map(({ f }) => f)
}

const iso = (ms: number): string =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z')

const BINS = 60
const HEIGHT = 100

/** Findings over time, stacked by level. */
function timeLine({ findings, fired }: HuntPage): Part {
  const times = findings.flatMap((f) => (f.time === null ? [] : [f.time]))
  if (times.length === 0) return html`<p class="soft">No finding has a time.</p>`
  const first = times.reduce((a, b) => Math.min(a, b))
  const last = times.reduce((a, b) => Math.max(a, b))
  const width = Math.max(1, (last - first) / BINS)
  const bins = Array.from({ length: BINS }, () => LEVELS.map(() => 0))
  for (const { time, rule } of findings) {
    if (time === null) continue
    const bin = bins[Math.min(BINS - 1, Math.floor((time - first) / width))] as number[]
    const level = LEVELS.indexOf(levelOf(fired[rule]?.level ?? ''))
    bin[level] = (bin[level] as number) + 1
  }
  const sums = bins.map((bin) => bin.reduce((a, b) => a + b, 0))
  const most = Math.max(...sums)
  const bars = bins.flatMap((bin, x) => {
    let top = HEIGHT
    const title = `${iso(first + x * width)}: ${sums[x]} findings`
    return bin.map((n, level) => {
      if (n === 0) return undefined
      const height = (HEIGHT * n) / most
      top -= height
      return html`<rect class="${LEVELS[level]}" x="${x + 0.05}" y="${top.toFixed(2)}" width="0.9" height="${height.toFixed(2)}"><title>${title}</title></rect>`
    })
  })
  const label = `Findings over time: ${times.length} between ${iso(first)} and ${iso(last)}, at most ${most} in one bar`
  return html`<div class="time"><svg role="img" aria-label="${label}" viewBox="0 0 ${BINS} ${HEIGHT}" preserveAspectRatio="none">${bars}</svg>
<p class="soft small"><span>${iso(first)}</span><span>${iso(last)}</span></p></div>
<ul class="legend small">${LEVELS.map((l) => html`<li><span class="pill ${l}">${l}</span></li>`)}</ul>`
}

const choose = (what: 'host' | 'q' | 'rule', value: string, text: Part): Html =>
  html`<button type="button" class="link" data-set="${what}" data-value="${value}" hidden>${text}</button><noscript>${text}</noscript>`

function ruleTable(fired: readonly FiredRule[]): Part {
  if (fired.length === 0) return html`<p>No rule found anything.</p>`
  return html`<div class="wide"><table><thead><tr><th>Level</th><th>Rule</th><th>ATT&amp;CK</th><th class="n">Findings</th></tr></thead><tbody>${fired.map(
    (r, i) =>
      html`<tr><td><span class="pill ${levelOf(r.level)}">${levelOf(r.level)}</span></td><td>${choose('rule', String(i), r.title)}<br><span class="soft small">${r.file}:${r.line}</span></td><td>${r.techniques.join(' ')}</td><td class="n">${r.findings.toLocaleString('en')}</td></tr>`,
  )}</tbody></table></div>`
}

interface HostCount {
  readonly host: string
  readonly levels: readonly number[]
  readonly rules: number
  readonly findings: number
}

function countHosts({ findings, fired }: HuntPage): HostCount[] {
  const hosts = new Map<string, { levels: number[]; rules: Set<number> }>()
  for (const { host, rule } of findings) {
    if (host === '') continue
    const of = hosts.get(host) ?? { levels: LEVELS.map(() => 0), rules: new Set<number>() }
    hosts.set(host, of)
    const level = LEVELS.indexOf(levelOf(fired[rule]?.level ?? ''))
    of.levels[level] = (of.levels[level] as number) + 1
    of.rules.add(rule)
  }
  const all = [...hosts].map(([host, { levels, rules }]) => ({
    host,
    levels,
    rules: rules.size,
    findings: levels.reduce((a, b) => a + b, 0),
  }))
  const worst = (a: HostCount, b: HostCount): number =>
    a.levels.map((n, i) => (b.levels[i] as number) - n).find((d) => d !== 0) ?? 0
  return all.sort(worst)
}

const MOST_HOSTS = 200

function hostTable(hosts: readonly HostCount[]): Part {
  if (hosts.length === 0) return html`<p class="soft">No finding names a host.</p>`
  return html`<div class="wide"><table><thead><tr><th>Host</th><th class="n">Rules</th><th class="n">Findings</th>${LEVELS.map((l) => html`<th class="n">${l}</th>`)}</tr></thead><tbody>${hosts
    .slice(0, MOST_HOSTS)
    .map(
      (h) =>
        html`<tr><td>${choose('host', h.host, h.host)}</td><td class="n">${h.rules}</td><td class="n">${h.findings}</td>${h.levels.map((n) => html`<td class="n">${n === 0 ? '' : n}</td>`)}</tr>`,
    )}</tbody></table></div>${hosts.length > MOST_HOSTS && html`<p class="soft">${hosts.length - MOST_HOSTS} more hosts are among the findings.</p>`}`
}

function matrix(fired: readonly FiredRule[]): Part {
  const counts = new Map<string, number>()
  for (const r of fired)
    for (const id of r.techniques) {
      const now = techniqueNamed(id)?.revokedBy ?? id
      counts.set(now, (counts.get(now) ?? 0) + r.findings)
    }
  if (counts.size === 0) return html`<p class="soft">No rule with findings names a technique.</p>`
  const columns = tactics.flatMap((tactic) => {
    const own = [...counts].filter(([id]) => techniqueNamed(id)?.tactics.includes(tactic.shortname)).sort()
    if (own.length === 0) return []
    const items = own.map(
      ([id, n]) =>
        html`<li>${choose('q', id, id)} ${external(techniqueUrl(id), techniqueNamed(id)?.name ?? id)} <span class="pill">${n.toLocaleString('en')}</span></li>`,
    )
    return [html`<div class="tactic"><h3>${tactic.name}</h3><ul>${items}</ul></div>`]
  })
  return html`<div class="matrix small-matrix">${columns}</div>`
}

function findingList({ findings, fired }: HuntPage, hosts: readonly HostCount[], total: number, without: number): Part {
  const notes = [
    ...(findings.length < total
      ? [
          `${findings.length.toLocaleString('en')} of ${total.toLocaleString('en')} findings are here, the newest of each rule.`,
        ]
      : []),
    ...(without > 0 ? [`${without.toLocaleString('en')} of them are without their event.`] : []),
  ]
  const option = (value: string, text: string): Html => html`<option value="${value}">${text}</option>`
  return html`<noscript><p class="note draft">The list of findings needs a script. The tables above do not.</p></noscript>
${notes.length > 0 && html`<p class="note">${notes.join(' ')}</p>`}
<form id="filter" role="search">
<div><label for="q">Search in all texts</label><input type="search" id="q" name="q" autocomplete="off" spellcheck="false"></div>
<div><label for="level">Level from</label><select id="level" name="level">${option('', 'all')}${LEVELS.map((l) => option(l, l))}</select></div>
<div><label for="rule">Rule</label><select id="rule" name="rule">${option('', 'all')}${fired.map((r, i) => option(String(i), r.title))}</select></div>
<div><label for="host">Host</label><select id="host" name="host">${option('', 'all')}${hosts.map((h) => option(h.host, h.host))}</select></div>
<div><button type="reset" class="act">Clear</button></div>
</form>
<p id="count" role="status" class="soft"></p>
<ul id="list"></ul>
<button type="button" id="more" class="act" hidden>Show more</button>`
}

function readSection({ logs, silent }: HuntPage): Part {
  return html`<div class="wide" tabindex="0" role="region" aria-label="Logs that were read"><table><thead><tr><th>Log</th><th>Format</th><th class="n">Events</th></tr></thead><tbody>${logs.map(
    (l) => html`<tr><td>${l.name}</td><td>${l.format}</td><td class="n">${l.events.toLocaleString('en')}</td></tr>`,
  )}</tbody></table></div>
${silent.length > 0 && html`<h3>Rules without findings</h3><ul>${silent.map((s) => html`<li>${s.rules.toLocaleString('en')}: ${s.reason}</li>`)}</ul>`}`
}
