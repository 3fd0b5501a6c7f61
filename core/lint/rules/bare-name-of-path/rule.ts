import { inText } from '../../../diag/diagnostic.ts'
import { allTests, isExact } from '../../conditions.ts'
import { textRule } from '../../rule.ts'

/** Fields that hold a full path: of the Falcon sensor, of Sysmon and its names in Sigma, of ECS. */
const PATHS = new Set(
  [
    'ImageFileName',
    'Image',
    'ParentImage',
    'SourceImage',
    'TargetImage',
    'ImageLoaded',
    'TargetFilename',
    'process.executable',
    'process.parent.executable',
    'file.path',
  ].map((n) => n.toLowerCase()),
)
/** Fields that hold a name without its folder. */
const NAMES = new Set(
  ['ContextBaseFileName', 'ParentBaseFileName', 'GrandParentBaseFileName', 'OriginalFileName'].map((n) =>
    n.toLowerCase(),
  ),
)
const FILE = /^[\w .()-]+\.(?:exe|dll|sys|com|scr|ps1|bat|cmd|vbs|js|msi|cpl|hta|jar|py|sh)$/i

export const bareNameOfPath = textRule<{ readonly field: string; readonly value: string; readonly isPath: boolean }>({
  id: 'LNT407',
  slug: 'bare-name-of-path',
  severity: 'warning',
  title: 'A file name where the field holds a path, or a path where it holds a name',
  message: (p) =>
    p.isPath
      ? `\`${p.field}\` holds a full path, so it never is \`${p.value}\``
      : `\`${p.field}\` holds a name without folders, so it never is \`${p.value}\``,
  why: 'Equality compares the whole value.',
  remedy: (p) =>
    p.isPath
      ? `compare the end of the path: \`\\${p.value}\` after any text`
      : 'compare the last part of the path only',
  checkText({ outline, source }) {
    return allTests(outline).flatMap(({ test }) => {
      const field = test.field.toLowerCase()
      const isPath = PATHS.has(field)
      if (!isPath && !NAMES.has(field)) return []
      const value = test.values.find((v) =>
        isPath
          ? (isExact(test, v) && FILE.test(v.text)) ||
            (test.op === 'regex' && v.kind === 'regex' && /^\^[\w-]+\\?\.(?:exe|dll)/i.test(v.text))
          : test.op === 'in' || test.op === '=' || test.op === 'ends'
            ? v.kind !== 'regex' &&
              v.kind !== 'hole' &&
              /[\\/]/.test(v.text) &&
              FILE.test(v.text.replace(/^.*[\\/]/s, ''))
            : false,
      )
      return value ? [{ at: inText(source, value.at), params: { field: test.field, value: value.text, isPath } }] : []
    })
  },
})
