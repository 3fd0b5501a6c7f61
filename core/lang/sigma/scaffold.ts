// A new detection as a Sigma rule.
import {
  ADDRESS,
  BENIGN,
  COMMENT,
  fence,
  INTRO,
  type Kind,
  type Names,
  PROGRAM,
  page,
  type Scaffold,
  type Sketch,
} from '../shared/scaffold.ts'

interface EventOptions {
  readonly program?: string
  readonly address?: string
  readonly initiated?: string
  readonly event?: number
}

function rule(kind: Kind, { technique, title, today, guid }: Names): string {
  const { id, tactics } = technique
  const selection =
    kind === 'process' ? `    Image|endswith: '\\${PROGRAM}'` : `    Initiated: 'true'\n    DestinationIp: ${ADDRESS}`
  return `${COMMENT(id, '#')}
title: ${JSON.stringify(title)}
id: ${guid('sigma')}
status: experimental
description: "TODO: what the rule finds, in a sentence."
references:
  - https://attack.mitre.org/techniques/${id.replace('.', '/')}/
author: "TODO: your name"
date: ${today}
tags:
${[...tactics, id.toLowerCase()].map((t) => `  - attack.${t}`).join('\n')}
logsource:
  category: ${kind === 'process' ? 'process_creation' : 'network_connection'}
  product: windows
detection:
  selection:
${selection}
  condition: selection
falsepositives:
  - See detection.yml
level: medium
`
}

function event(kind: Kind, { program = PROGRAM, address = ADDRESS, initiated = 'true', event }: EventOptions): string {
  const base = {
    UtcTime: '2026-06-21 09:00:00.100',
    timestamp: '2026-06-21T09:00:00Z',
    EventID: event ?? (kind === 'process' ? 1 : 3),
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Computer: 'WS-001',
    Image: `C:\\Users\\jdoe\\${program}`,
  }
  return JSON.stringify(
    kind === 'process'
      ? { ...base, CommandLine: `${program} --go`, User: 'CORP\\jdoe' }
      : { ...base, Protocol: 'tcp', Initiated: initiated, DestinationIp: address, DestinationPort: 443 },
  )
}

function cases(kind: Kind, technique: string): string {
  const telemetry = (seen: EventOptions) => fence('events format=json-lines', event(kind, seen))
  const other = kind === 'process' ? { program: 'notepad.exe' } : { address: '203.0.113.9' }
  const text = page(`${technique} as a Sigma rule`, INTRO, fence('sigma strict file=../sigma.yml', ''), [
    { title: BENIGN, telemetry: telemetry(other) },
    { title: 'another event of the same program', telemetry: telemetry({ event: 5 }) },
    ...(kind === 'process'
      ? []
      : [{ title: 'a connection that came in', telemetry: telemetry({ initiated: 'false' }) }]),
  ])
  // The columns of a rule without an aggregate depend on the platform, so the case expects `fires` and no table.
  const attack = `## the activity itself\n\n${telemetry({})}\n${fence('sigma strict file=../sigma.yml', '')}\n${fence('fires', '')}\n`
  return `${text}\n${attack}`
}

export const scaffold: Scaffold = {
  file: 'sigma.yml',
  sketch(kind: Kind, names: Names): Sketch {
    const isProcess = kind === 'process'
    return {
      query: rule(kind, names),
      cases: cases(kind, names.technique.id),
      data_sources: [
        `Any endpoint telemetry mapped to Sigma's category ${isProcess ? 'process_creation' : 'network_connection'}`,
      ],
      tables: [isProcess ? 'process_creation' : 'network_connection'],
      log_settings: [
        isProcess ? 'Sysmon logs process creation (event 1)' : 'Sysmon logs network connections (event 3)',
      ],
      entity: ['Computer'],
      step: '',
    }
  },
}
