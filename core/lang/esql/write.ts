// A detection as ES|QL for Elastic Security.
import type { PortableDetection, Written } from '../shared/portable.ts'
import { type TargetVocabulary, written } from '../shared/target.ts'
import { correlationText } from './correlation.ts'
import { eventsText } from './events.ts'
import { comment } from './text.ts'

export const write = (detection: PortableDetection, vocabulary: TargetVocabulary): Written =>
  written((losses) => {
    const title = detection.title === undefined ? '' : comment(detection.title)
    const text =
      detection.kind === 'correlation'
        ? correlationText(detection, vocabulary, losses)
        : eventsText(detection, vocabulary, losses)
    return `${title}${text}\n`
  })
