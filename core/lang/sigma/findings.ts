// Columns that every finding has besides those that its rule shows.
import { absent, call, text } from '../../plan/build.ts'
import type { Expr } from '../../plan/plan.ts'
import type { Document } from './ast.ts'

export const RULE = 'sigma_rule'
export const LEVEL = 'sigma_level'
export const AT = '@timestamp'
export const shownTime = (of: Expr): Expr => call('time.format', 'str', [of], { pattern: '%FT%TZ', zone: 'UTC' })
export const labels = (d: Document): { id: string; expr: Expr }[] => [
  { id: RULE, expr: text(d.title) },
  { id: LEVEL, expr: d.level === undefined ? absent('str') : text(d.level) },
  ...(d.id === undefined ? [] : [{ id: 'sigma_id', expr: text(d.id) }]),
  ...(d.tags.length === 0 ? [] : [{ id: 'sigma_tags', expr: text(d.tags.join(', ')) }]),
]

/**
 * Host, user and program for a rule that shows only some fields: the names of each in events, the most useful first. Left out if the rule
 * already shows one of `shown`.
 */
export const CIRCUMSTANCES: readonly {
  readonly id: string
  readonly shown: readonly string[]
  readonly names: readonly string[]
}[] = [
  {
    id: 'host',
    shown: ['host', 'Computer', 'ComputerName', 'Hostname', 'aid', 'host.name'],
    names: [
      'Computer',
      'ComputerName',
      'Hostname',
      'host.name',
      'device.hostname',
      'network:device',
      'hostname',
      'host',
      'aid',
      '_HOSTNAME',
      'node',
    ],
  },
  {
    id: 'user',
    shown: ['user', 'User', 'UserName', 'SubjectUserName', 'TargetUserName', 'user.name', 'username'],
    names: [
      'User',
      'SubjectUserName',
      'TargetUserName',
      'UserName',
      'user.name',
      'network:user',
      'userIdentity.arn',
      'userIdentity.userName',
      'actor.alternateId',
      'userPrincipalName',
      'UserPrincipalName',
      'properties.userPrincipalName',
      'protoPayload.authenticationInfo.principalEmail',
      'actor.user.name',
      'user.username',
      'UserId',
      'actor',
      'user',
      'auid',
    ],
  },
  {
    id: 'process',
    shown: ['process', 'Image', 'ImageFileName', 'SourceImage', 'process.executable', 'exe'],
    names: [
      'Image',
      'SourceImage',
      'NewProcessName',
      'ProcessName',
      'Application',
      'ImageFileName',
      'ContextBaseFileName',
      'process.executable',
      'process.file.path',
      'process.name',
      'exe',
    ],
  },
]
