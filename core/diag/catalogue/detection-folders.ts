// RUN015–RUN018: detections named on the command line.
import { code } from '../diagnostic.ts'

export const noDetection = code<{ name: string; known: readonly string[] }>({
  id: 'RUN015',
  slug: 'no-such-detection',
  severity: 'error',
  title: 'No detection, or more than one, has this name',
  message: (p) => `\`${p.name}\` does not name exactly one detection`,
  why: 'A detection is a folder with a detection.yml. Name it by its path, or by its id if it is below detections/.',
  remedy: (p) =>
    p.known.length > 0 ? `use one of ${p.known.join(', ')}` : 'name the path of a folder that has a detection.yml',
})

export const noDetections = code<{ path: string }>({
  id: 'RUN016',
  slug: 'no-detections',
  severity: 'error',
  title: 'A path contains no detection',
  message: (p) => `neither ${p.path} nor a folder below it has a detection.yml`,
  why: 'A detection is a folder with a detection.yml.',
  remedy: (p) => `check the path ${p.path}, or make a detection with \`assay new TECHNIQUE\``,
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
  why: 'The queries of a detection read different telemetry, so the command needs one platform.',
  remedy: (p) => `add --platform with one of ${p.known.join(', ')}`,
})

export const notPercent = code<{ option: string; text: string }>({
  id: 'RUN018',
  slug: 'not-a-percentage',
  severity: 'error',
  title: 'Not a percentage',
  message: (p) => `invalid ${p.option} \`${p.text}\`: expected a number from 0 to 100`,
  why: 'A score is a percentage.',
  remedy: (p) => `write a number, such as ${p.option} 90`,
})
