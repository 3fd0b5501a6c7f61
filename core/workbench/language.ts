// The contract of a language. Each has one folder in core/lang/ and one adapter in core/workbench/languages/; nothing else names it.
import type { Diagnostic } from '../diag/diagnostic.ts'
import type { Builtin, NearMiss, Semantic } from '../lang/shared/builtin.ts'
import type { EmbeddedIn } from '../lang/shared/embedded.ts'
import type { ExclusionWords } from '../lang/shared/exclusion.ts'
import type { Outline } from '../lang/shared/outline.ts'
import type { CompileContext, Lowered } from '../lang/shared/lowered.ts'
import type { EditorHalf } from '../lang/shared/editor.ts'
import type { Documentation } from '../lang/shared/constructs.ts'
import type { LoweredParser } from '../lang/shared/lowered-parser.ts'
import type { Portable, PortableDetection, VocabularyInfo, Written } from '../lang/shared/portable.ts'
import type { Evidence } from '../lang/shared/target.ts'
import type { Scaffold } from '../lang/shared/scaffold.ts'
import type { Source } from '../text/source.ts'

interface Parsed<Tree = unknown> {
  readonly tree: Tree
  /** The text that was parsed: as written, or with its template variables filled in. */
  readonly source: Source
  readonly diagnostics: readonly Diagnostic[]
  /** Of severity warning. */
  readonly nearMisses: readonly Diagnostic[]
}

/** Text to tree. */
export interface ReadHalf<Tree = unknown> {
  readonly builtins: readonly Builtin<unknown>[]
  readonly nearMisses: readonly NearMiss[]
  readonly semantics: readonly Semantic[]
  /** Functions that are read and do not run; with the reason where no program outside the tenant can run them. */
  readonly notRun?: ReadonlyMap<string, string | undefined>
  /** Names ignore case: a field is read under the spelling of the telemetry. */
  readonly foldsNames?: true
  /** A query parses messages itself, so text of no known format is telemetry too. */
  readonly readsMessages?: true
  /** Queries name the fields that a parser of the platform gives a log, not those of the log. */
  readonly parsedNames?: true
  /** Codes of errors that only Assay reports: the vendor accepts the text. */
  readonly unsupported: readonly string[]
  /** Codes of names that Assay does not know and the tenant may have: warnings of lint, unless a similar name is known. */
  readonly unsure?: readonly string[]
  /** The diagnostic of a text that is valid in another form of the language, such as a rule. Then words mean what they mean there. */
  readonly anotherForm?: string
  /** True if a file with an ending of another language is of this one. */
  isOwn?(name: string, text: string): boolean
  readonly embedded?: EmbeddedIn
  tokens(text: string): readonly { readonly kind: string; readonly text: string; readonly start: number }[]
  parse(source: Source, context: CompileContext): Parsed<Tree>
  /** The conditions and steps of a tree, for lint. */
  outline(tree: Tree, source: Source): Outline
  /** How a query gets a field that the telemetry has under another name, ready to paste. */
  renameAdvice(have: string, want: string): string
  /** Text between the queries of a folder, in languages whose files refer to each other. Left out: each file is a query of its own. */
  readonly between?: string
  /** The parts of a text and the words that fit, for editors. */
  readonly editor?: EditorHalf
}

/** Where queries of a language run. */
interface Platform {
  /** Key of `platforms` in detection.yml. */
  readonly id: string
  readonly title: string
  /** For tabs and narrow columns. */
  readonly short: string
  /** Rules of this platform are translated to the others, so their pages link to it. */
  readonly portable?: true
}

/** Paths in the YAML of a rule file, which checks compare with detection.yml. */
export interface RuleMetadata {
  readonly id: readonly string[]
  /** ATT&CK techniques are tags `attack.t1234`. */
  readonly tags: readonly string[]
  /** How long a correlation collects events. */
  readonly window: readonly string[]
}

/** A text that another language runs, over records that the platform makes of events. */
export interface OverRecords {
  readonly language: string
  readonly text: string
  /** Undefined: the platform makes no such record, */
  recordOf(event: ReadonlyMap<string, string>): ReadonlyMap<string, string> | undefined
  /** or none of this one. */
  eventOf(record: ReadonlyMap<string, string>): ReadonlyMap<string, string> | undefined
  /** Every record of the source has the same value there. */
  isConstant(name: string): boolean
}

/** Each half is optional. A language that Assay only writes has `write` and, where it is worth it, `format`. */
export interface Language<Tree = unknown> {
  readonly id: string
  readonly title: string
  readonly platform: Platform
  /** File endings, with the dot. */
  readonly extensions: readonly string[]
  readonly read?: ReadHalf<Tree>
  /** Tree to plan. Without it a text can be linted and not run. `source` is the text as written. */
  run?(source: Source, parsed: Parsed<Tree>, context: CompileContext): Lowered
  /** Rules of the platform add fields to messages of any format: the beginning of a text that is one, without a scope. */
  readonly fieldRule?: RegExp
  /** Its pipelines also parse logs: what a script makes of a line. */
  parser?(source: Source, parsed: Parsed<Tree>, context: CompileContext): LoweredParser
  /** The detections of a text in the names of `context.vocabulary`, for the writers of other languages. Left out: they are read from the plan. */
  portable?(source: Source, parsed: Parsed<Tree>, context: CompileContext): Portable
  /** The vocabularies that a portable text can be read with. */
  vocabulary?(id: string): VocabularyInfo | undefined
  /** A field's name as other platforms have it. Left out: the same. */
  neutralName?(field: string): string
  /** The vocabulary in which a portable text is given generated events; `for`: the log format. */
  witnessVocabulary?(format: string): string
  /** A detection as text, or why the language cannot say it. `format` is applied to the text afterwards. */
  write?(detection: PortableDetection, vocabulary?: string): Written
  /** How the text of a detection in Sigma's names is run, where the language itself is not. Undefined: it is not. */
  overRecords?(detection: PortableDetection, text: string): OverRecords | undefined
  /** `vocabularies` are the writer's own: it takes detections in the names of the text, and gives them its names. */
  readonly mapsFields?: true
  /** For docs/reference/conversions.md: the rows of the platform's documentation, and those of the vocabularies' names. */
  readonly documentation?: Documentation
  readonly evidence?: readonly Evidence[]
  /** Vocabularies of the telemetry that its queries read, the preferred one first. A rule is written in the first that has all its fields. */
  readonly vocabularies?: readonly string[]
  /** Others, which are used only by name. */
  readonly vocabulariesByName?: readonly string[]
  /** Canonical layout; undefined when the text does not parse. */
  format?(source: Source): string | undefined
  readonly ruleMetadata?: RuleMetadata
  /** Files that `assay new` writes. */
  readonly scaffold?: Scaffold
  /** Steps that leave events out, for `assay tune`. */
  readonly exclusion?: ExclusionWords
}

export type ReadLanguage = Language & { readonly read: ReadHalf }
