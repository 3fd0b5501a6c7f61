// RUN030–RUN034: the published site, its options and its folder.
import { code } from '../diagnostic.ts'

export const notACatalogue = code<{ path: string }>({
  id: 'RUN030',
  slug: 'not-a-catalogue',
  severity: 'error',
  title: 'The folder for the site contains other files',
  message: (p) => `${p.path} is not empty and was not made by \`assay catalog build\``,
  why: 'A build replaces the whole folder. It replaces only a folder that an earlier build made.',
  remedy: (p) => `write --out with another folder, or empty ${p.path}`,
})

export const unwritableCatalogue = code<{ path: string; reason: string }>({
  id: 'RUN031',
  slug: 'unwritable-catalogue',
  severity: 'error',
  title: 'The site cannot be written',
  message: (p) => `cannot write the site to ${p.path}: ${p.reason}`,
  why: 'A build writes a temporary folder, and moves it when it is complete. A failed build leaves no files.',
  remedy: () => 'check the path, its permissions and the free space on the disk',
})

export const notADate = code<{ text: string }>({
  id: 'RUN032',
  slug: 'not-a-date',
  severity: 'error',
  title: 'Not a date',
  message: (p) => `invalid --date \`${p.text}\`: expected a date such as 2026-11-25`,
  why: 'The date of a site is a day of the calendar. Two builds of the same input are then identical.',
  remedy: () => 'write --date 2026-11-25, or leave it out to use the date of the newest change',
})

export const notASite = code<{ text: string }>({
  id: 'RUN033',
  slug: 'not-a-site-address',
  severity: 'error',
  title: 'Not an address of a site',
  message: (p) => `invalid --base-url \`${p.text}\`: expected an http or https address`,
  why: 'The feed and the canonical links of the pages begin with this address.',
  remedy: () => 'write --base-url https://detections.example/',
})

export const portTaken = code<{ text: string; reason: string }>({
  id: 'RUN034',
  slug: 'no-such-port',
  severity: 'error',
  title: 'The site cannot be served on this port',
  message: (p) => `cannot serve the site on port ${p.text}: ${p.reason}`,
  why: 'The server uses the loopback interface and one port from 0 (any free port) to 65535.',
  remedy: () => 'choose another port, such as --port 8080',
})
