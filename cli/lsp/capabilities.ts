// The abilities of the server, as it tells them to an editor.
import type { InitializeParams, InitializeResult } from 'vscode-languageserver'
import type { Encoding } from '../../core/text/lines.ts'
import { version } from '../version.ts'

/** Kinds of words, by their index in a semantic token. */
export const TOKEN_TYPES = [
  'comment',
  'property',
  'function',
  'keyword',
  'number',
  'operator',
  'parameter',
  'regexp',
  'string',
  'variable',
] as const
const TOKEN_MODIFIERS = ['definition'] as const

export const FIX_ALL = 'source.fixAll.assay'

/** UTF-8 only for an editor that prefers it. */
export const encodingOf = ({ capabilities }: InitializeParams): Encoding =>
  capabilities.general?.positionEncodings?.[0] === 'utf-8' ? 'utf-8' : 'utf-16'

export const capabilitiesFor = (params: InitializeParams): InitializeResult => ({
  serverInfo: { name: 'assay', version },
  capabilities: {
    positionEncoding: encodingOf(params),
    // 2: only the changes of a document are sent.
    textDocumentSync: { openClose: true, change: 2 },
    completionProvider: { triggerCharacters: ['|', '(', '=', '[', '"', ',', '#', ' ', ':', '`'] },
    hoverProvider: true,
    signatureHelpProvider: { triggerCharacters: ['(', ',', '='] },
    documentSymbolProvider: true,
    foldingRangeProvider: true,
    documentFormattingProvider: true,
    renameProvider: { prepareProvider: true },
    codeActionProvider: { codeActionKinds: ['quickfix', FIX_ALL] },
    codeLensProvider: {},
    semanticTokensProvider: {
      legend: { tokenTypes: [...TOKEN_TYPES], tokenModifiers: [...TOKEN_MODIFIERS] },
      full: true,
      range: true,
    },
    inlayHintProvider: true,
  },
})
