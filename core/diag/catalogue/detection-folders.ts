// RUN015–RUN018: detections as a caller names them.
import { code } from '../diagnostic.ts'

export const noDetection = code<{ name: string; known: readonly string[] }>({
  id: 'RUN015',
  slug: 'no-such-detection',
  severity: 'error',
  title: 'No detection, or more than one, has this name',
  message: (p) => `\`${p.name}\` names no single detection`,
  why: 'A detection is a folder with a detection.yml, named by its path or, below detections/, by its id.',
  remedy: (p) =>
    p.known.length > 0 ? `one of ${p.known.join(', ')}` : 'give the path of a folder that holds a detection.yml',
})

export const noDetections = code<{ path: string }>({
  id: 'RUN016',
  slug: 'no-detections',
  severity: 'error',
  title: 'There is no detection below a path',
  message: (p) => `neither ${p.path} nor a folder below it holds a detection.yml`,
  why: 'A detection is a folder with a detection.yml.',
  remedy: (p) => `check the path ${p.path}; \`assay new TECHNIQUE\` makes a detection`,
})

export const platformNeeded = code<{ name: string; platform: string | undefined; known: readonly string[] }>({
  id: 'RUN017',
  slug: 'platform-needed',
  severity: 'error',
  title: 'A detection has a query for several platforms',
  message: (p) =>
    p.platform === undefined
      ? `${p.name} has a query for each of ${p.known.join(', ')}`
      : `${p.name} has no query for \`${p.platform}\``,
  why: 'The queries of a detection read different telemetry, so which one is meant must be said.',
  remedy: (p) => `add --platform with one of ${p.known.join(', ')}`,
})

export const notPercent = code<{ option: string; text: string }>({
  id: 'RUN018',
  slug: 'not-a-percentage',
  severity: 'error',
  title: 'A share is not a percentage',
  message: (p) => `${p.option} does not take \`${p.text}\``,
  why: 'Scores go from 0 to 100.',
  remedy: (p) => `write ${p.option} 90`,
})
