// RUN030–RUN034: the catalogue, its options and where it is written.
import { code } from '../diagnostic.ts'

export const notACatalogue = code<{ path: string }>({
  id: 'RUN030',
  slug: 'not-a-catalogue',
  severity: 'error',
  title: 'The folder for the catalogue holds something else',
  message: (p) => `${p.path} is not empty and holds no catalogue`,
  why: 'A build replaces the whole folder, so only a folder that an earlier build made is taken.',
  remedy: (p) => `give --out another folder, or empty ${p.path}`,
})

export const unwritableCatalogue = code<{ path: string; reason: string }>({
  id: 'RUN031',
  slug: 'unwritable-catalogue',
  severity: 'error',
  title: 'The catalogue cannot be written',
  message: (p) => `the catalogue cannot be written to ${p.path}: ${p.reason}`,
  why: 'It is written beside its place and moved there when it is whole; nothing of it is left behind.',
  remedy: () => 'check the path, its permissions and the space on the disk',
})

export const notADate = code<{ text: string }>({
  id: 'RUN032',
  slug: 'not-a-date',
  severity: 'error',
  title: 'A date is none',
  message: (p) => `--date does not take \`${p.text}\``,
  why: 'The date of a catalogue is a day of the calendar, so that two builds of the same input are the same.',
  remedy: () => 'write --date 2026-11-25, or leave it out: the newest change of a detection is taken',
})

export const notASite = code<{ text: string }>({
  id: 'RUN033',
  slug: 'not-a-site-address',
  severity: 'error',
  title: 'The address of the site is none',
  message: (p) => `--base-url does not take \`${p.text}\``,
  why: 'The feed and the canonical links of the pages start with it.',
  remedy: () => 'write --base-url https://detections.example/',
})

export const portTaken = code<{ text: string; reason: string }>({
  id: 'RUN034',
  slug: 'no-such-port',
  severity: 'error',
  title: 'The catalogue cannot be served on a port',
  message: (p) => `the catalogue cannot be served on port ${p.text}: ${p.reason}`,
  why: 'It is served on the loopback interface, on one port from 0 (any free one) to 65535.',
  remedy: () => 'give another one with --port',
})
