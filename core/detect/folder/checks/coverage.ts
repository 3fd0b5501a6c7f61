// Checks that for each query of a detection a test expects it to fire, and a test expects it to stay quiet.
import { noTests } from '../../../diag/catalogue/detect.ts'
import { type Diagnostic, inText, diagnostic } from '../../../diag/diagnostic.ts'
import { languageOfFile } from '../../../workbench/compile.ts'
import { parseCaseFile } from '../../case/case-file.ts'
import { promisesOf } from '../evidence.ts'
import { inFolder } from '../folder-names.ts'
import { checkPage } from './pages.ts'
import type { Detection } from '../schema.ts'
import type { Path } from '../../../yaml/yaml-file.ts'
import type { Folder } from '../folder-types.ts'

/** Pages whose queries run too, besides those of tests/. */
const GUIDE = /^(?:hunts\/.+|investigation)\.md$/

export function checkCases(detection: Detection | undefined, folder: Folder): Diagnostic[] {
  const guides = [...folder.files]
    .filter(([path]) => GUIDE.test(path))
    .map(([path, text]) => parseCaseFile({ name: folder.path(path), text }))
  return [
    ...folder.pages.flatMap((page) => checkPage(page, folder)),
    ...guides.flatMap((page) => checkPage(page, folder, true)),
    ...(detection ? missingTests(detection, folder) : []),
  ]
}

function missingTests(detection: Detection, folder: Folder): Diagnostic[] {
  const all = inText(folder.yaml.source, folder.yaml.keyAt(['platforms']))
  if (!folder.pages.some((p) => p.cases.length > 0))
    return [diagnostic(noTests, all, { what: 'tests', file: undefined })]
  const promised = promisedOf(folder)
  return queriesOf(detection).flatMap(({ name, path }) => {
    const file = inFolder(name)
    const text = file === undefined ? undefined : folder.files.get(file)
    // Another check reports a missing query. A query in a language without a parser cannot be tested.
    if (file === undefined || text === undefined || languageOfFile(file, text) === undefined) return []
    const place = inText(folder.yaml.source, folder.yaml.valueAt(path))
    const missing = (what: 'attack' | 'benign') => diagnostic(noTests, place, { what, file })
    return [
      ...(promised.has(`fires ${file}`) ? [] : [missing('attack')]),
      ...(promised.has(`quiet ${file}`) ? [] : [missing('benign')]),
    ]
  })
}

function queriesOf({ platforms }: Detection): { readonly name: string; readonly path: Path }[] {
  return Object.entries(platforms).flatMap(([id, p]) =>
    p === undefined
      ? []
      : [
          { name: p.query, path: ['platforms', id, 'query'] },
          ...p.companions.map((c, i) => ({ name: c.file, path: ['platforms', id, 'companions', i, 'file'] })),
        ],
  )
}

/** `fires FILE` and `quiet FILE`, for the cases that run and must pass. */
function promisedOf(folder: Folder): Set<string> {
  const promised = new Set<string>()
  for (const page of folder.pages) {
    const path = page.source.name.slice(folder.path('').length)
    for (const c of page.cases)
      if (c.skip === undefined && c.todo === undefined)
        for (const p of promisesOf(page, c, path)) promised.add(`${p.kind} ${p.file}`)
  }
  return promised
}
