// Bundles the client of the extension: npx tsx tools/vscode-package.ts [FOLDER]
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

export const bundleExtension = (outfile: string): Promise<unknown> =>
  build({
    entryPoints: ['editors/vscode/src/extension.js'],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node18',
    external: ['vscode'],
    logLevel: 'warning',
  })

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await bundleExtension('editors/vscode/dist/client.js')
