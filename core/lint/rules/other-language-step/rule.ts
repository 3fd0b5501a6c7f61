import { inText } from '../../../diag/diagnostic.ts'
import { textRule } from '../../rule.ts'

/** Commands of SPL and operators of KQL and Sumo Logic that are no functions with the same arguments elsewhere. */
const COMMANDS = new Set(
  `transaction lookup inputlookup outputlookup tstats timechart chart top rare dedup eventstats streamstats spath rex eval stats summarize
  project extend mv-expand timeslice transpose fillnull convert abstract collect append group limit take order bin bucket regex iplocation
  makemv mvexpand reverse uniq addtotals delta trendline xyseries untable foreach appendcols appendpipe multisearch render parse join count
  getschema distinct union sample serialize evaluate invoke keep dissect grok enrich json csv keyvalue matches geoip compare threatip outlier
  alter anomalydetection arrayexpand cluster erex fieldsummary gauge geostats iploc kv map multikv nomv rangemap return sendemail target xmlkv
  logreduce logcompare smooth backshift predict save withtime filter columns fields where search`.split(/\s+/),
)

/** Commands that may be the only word of a step. */
const ALONE = new Set(
  'abstract addtotals anomalydetection cluster count delete fillnull format getschema kv logreduce multikv reverse spath uniq xmlkv'.split(
    ' ',
  ),
)

export const otherLanguageStep = textRule<{ readonly word: string }>({
  id: 'LNT302',
  slug: 'other-language-step',
  severity: 'warning',
  yields: true,
  title: 'A step that looks like a command of another language',
  message: (p) => `\`${p.word}\` is a word to search for here, and the rest of the step too`,
  why: 'A step of words is a filter: it keeps the events that contain all of them.',
  remedy: (p) => `write the function with its arguments in brackets, or \`"${p.word}"\` for the word`,
  checkText({ outline, source }) {
    return outline.pipelines.flatMap(({ steps }) =>
      steps.flatMap((s, i) => {
        const isAfterBar = i > 0 || source.text.slice(0, s.at.start).trimEnd().endsWith('|')
        if (s.kind !== 'filter' || !isAfterBar) return []
        const isList = s.where.kind === 'and' && !s.where.isWritten
        const first = isList ? s.where.of[0] : s.where
        if (first?.kind !== 'text' || first.value.kind !== 'bare') return []
        if (!(isList ? COMMANDS : ALONE).has(first.value.text.toLowerCase())) return []
        return [{ at: inText(source, first.at), params: { word: first.value.text } }]
      }),
    )
  },
})
