// A detection as KQL for Microsoft Sentinel and Defender.
import type { PortableDetection, Written } from '../shared/portable.ts'
import { type TargetVocabulary, written } from '../shared/target.ts'
import { correlationText } from './correlation.ts'
import { eventsText } from './events.ts'
import { comment } from './text.ts'

export const write = (detection: PortableDetection, vocabulary: TargetVocabulary): Written =>
  written((losses) => {
    const title = detection.title === undefined ? '' : comment(detection.title)
    return detection.kind === 'correlation'
      ? `${title}${correlationText(detection, vocabulary, losses)}\n`
      : `${title}${eventsText(detection, vocabulary, losses)}\n`
  })
