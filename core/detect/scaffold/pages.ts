// The files of a new detection that are the same on every platform. Facts that only the author knows are marked `TODO:`.
import { BENIGN, CLOCK, type Sketch } from '../../lang/shared/scaffold.ts'
import { attack, techniqueUrl } from '../attack/attack.ts'
import type { DetectionNames, Template } from './template.ts'

export interface Part {
  readonly template: Template
  readonly sketch: Sketch
}

const list = (items: readonly string[], indent: string): string =>
  items.map((item) => `${indent}- ${JSON.stringify(item)}`).join('\n')

const platformText = ({ template, sketch }: Part): string => `  ${template.id}:
    query: ${template.file}
    severity: medium
    confidence: low
    about: "TODO: what this query looks at and how it decides."
    data_sources:
${list(sketch.data_sources, '      ')}
    tables:
${list(sketch.tables, '      ')}
    log_settings:
${list(sketch.log_settings, '      ')}
`

const unique = (all: readonly string[]): string[] => [...new Set(all)]

export function detectionText({ technique, id, title, today }: DetectionNames, parts: readonly Part[]): string {
  const entity = list(unique(parts.flatMap((p) => p.sketch.entity)), '    ')
  const tests = parts.map((p) => `tests/${p.template.id}.case.md#${BENIGN}`)
  return `# Keys and their meaning: docs/reference/detection.schema.json of Assay. Every TODO is a question to you.
id: ${id}
title: ${JSON.stringify(title)}
status: experimental
version: "0.1.0"
created: ${today}
modified: ${today}
author:
  - "TODO: your name"
summary: "TODO: what is detected, for a reader in a hurry."
description: "TODO: what an adversary does here, what of it can be seen, and how this detection tells it from everyday work."
attack:
  version: "${attack.version}"
  techniques:
    - ${technique.id} # ${technique.name}
platforms:
${parts.map(platformText).join('')}schedule:
  lookback: 1h
  frequency: 15m
  delay: 5m
trigger:
  when: "TODO: what makes a run raise an alert. So far: any finding."
  more_than: 0
entity:
${entity.replaceAll('    -', '  -')}
suppression:
  by:
${entity}
  for: 24h
false_positives:
  - id: known-activity
    what: "TODO: who does the same for a good reason, and how often."
    tests:
${list(tests, '      ')}
blind_spots:
  - what: "TODO: a way of doing it that this detection does not see."
    why: "TODO: why not."
validation:
  - ${validationFile(technique.id)}
playbook: playbook.md
investigation: investigation.md
references:
  - title: ${JSON.stringify(`MITRE ATT&CK®, ${technique.id} ${technique.name}`)}
    url: ${techniqueUrl(technique.id)}
changelog:
  - version: "0.1.0"
    date: ${today}
    what:
      - Scaffolded.
`
}

export const validationFile = (technique: string): string => `validation/${technique.toLowerCase()}.yml`

export const validationText = ({ technique, guid }: DetectionNames): string => `# Atomic Red Team schema.
attack_technique: ${technique.id}
display_name: ${JSON.stringify(technique.name)}
atomic_tests:
  - name: "TODO: what the test does"
    auto_generated_guid: ${guid('validation')}
    description: |
      TODO: what it does, that it is harmless, and the signals it must leave behind, for each query that must find it.
    supported_platforms:
      - windows
    executor:
      name: command_prompt
      command: "echo TODO: the command"
      cleanup_command: "echo TODO: the way back"
`

export const playbookText = ({ technique }: DetectionNames): string => `# Responding to ${technique.id}

## Decision tree

1. **Is it known and allowed?** TODO: how to tell. Yes: close as *benign, known*.
2. **Is it a test?** Ask whoever runs \`validation/\`. Yes: close as *true positive, validation test*.
3. **Neither?** Contain first, then investigate.

## Contain

TODO: what to isolate, block or lock, in which console, and who must agree.

## Evidence to keep

TODO: what is lost first, and how to keep it.

## Clean up and close

TODO: what to remove and to reset, and with which code a case is closed.
`

export const investigationText = ({ technique }: DetectionNames, parts: readonly Part[]): string =>
  [
    `# Investigating a finding of ${technique.id}`,
    '*TODO: what a finding says and what it leaves open.* The queries below run on the telemetry beside them whenever the tests run.',
    CLOCK,
    ...parts.map((p) => p.sketch.step).filter((step) => step !== ''),
  ].join('\n\n')
