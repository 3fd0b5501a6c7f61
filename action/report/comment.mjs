// Writes the results as one comment of the pull request, and rewrites it on the next run. The artefact comes from code of the pull request:
// all its text goes into a block of code, which shows it and does nothing.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const MARK = '<!-- assay -->'
/** GitHub takes 65,536 characters. */
const MOST = 60_000

const { GITHUB_API_URL = 'https://api.github.com', GITHUB_EVENT_PATH, GITHUB_REPOSITORY, GITHUB_TOKEN, ASSAY_OUT } = process.env
const { workflow_run: run } = JSON.parse(readFileSync(GITHUB_EVENT_PATH, 'utf8'))

async function api(path, method = 'GET', body) {
  const answer = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}${path}`, {
    method,
    headers: { authorization: `Bearer ${GITHUB_TOKEN}`, accept: 'application/vnd.github+json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`)
  return answer.json()
}

/** The number never comes from the artefact: the event names it, or for a fork the commit does. */
async function pullRequest() {
  const [own] = run.pull_requests ?? []
  if (own) return own.number
  const open = await api(`/commits/${run.head_sha}/pulls`)
  return open.find((p) => p.state === 'open' && p.head.sha === run.head_sha)?.number
}

function part(name) {
  let text
  try {
    text = readFileSync(join(ASSAY_OUT, name), 'utf8')
  } catch {
    return ''
  }
  const plain = text.replace(/[^\P{C}\n]/gu, '').slice(0, MOST / 2)
  const longest = Math.max(2, ...[...plain.matchAll(/`+/g)].map((m) => m[0].length))
  const fence = '`'.repeat(longest + 1)
  return `\n${fence}text\n${plain}\n${fence}\n`
}

const number = await pullRequest()
if (number === undefined) console.log('no open pull request has this commit')
else {
  const body = `${MARK}\n### Assay\n${part('lint.md')}${part('test.txt')}`
  const comments = await api(`/issues/${number}/comments?per_page=100`)
  const mine = comments.find((c) => c.user?.type === 'Bot' && c.body?.startsWith(MARK))
  if (mine) await api(`/issues/comments/${mine.id}`, 'PATCH', { body })
  else await api(`/issues/${number}/comments`, 'POST', { body })
}
