// A detection as JSON: everything that its pages show.
import { diagnosticToJson } from '../core/diag/render.ts'
import { atomicTests } from './atomic.ts'
import { attackNotice, type Entry, fileOf, type Site } from './model.ts'

export function record(site: Site, e: Entry): Record<string, unknown> {
  const { detection, folder } = e
  return {
    catalogue: { title: site.title, date: site.date, assay: site.version },
    notice: attackNotice,
    detection,
    techniques: e.techniques.map(({ id, name, tactics, parent }) => ({ id, name, tactics, parent: parent ?? null })),
    queries: e.views.flatMap((v) =>
      [v.platform.query, ...v.platform.companions.map((c) => c.file)].map((name) => {
        const file = fileOf(name)
        const lint = e.lints.get(file)
        return {
          platform: v.id,
          file,
          text: folder.files.get(file) ?? null,
          ...(file === fileOf(v.platform.query) && { standing: v.standing }),
          lint: lint?.map(diagnosticToJson) ?? null,
        }
      }),
    ),
    tests: e.evidence.map((c) => ({
      page: c.page,
      title: c.case.title,
      promises: c.promises.map((p) => ({ ...p, file: p.file ?? null, findings: p.findings ?? null })),
      status: c.run?.status ?? null,
      failures: c.run?.failures.map(({ line, what, detail }) => ({ line, what, detail })) ?? [],
    })),
    proof: e.proof ?? null,
    validation: atomicTests(e),
    guides: Object.fromEntries(
      [detection.playbook, detection.investigation, ...detection.hunts].map((f) => [
        f,
        folder.files.get(fileOf(f)) ?? null,
      ]),
    ),
  }
}
