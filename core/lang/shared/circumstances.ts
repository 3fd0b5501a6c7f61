// The circumstances of a finding, under the names that telemetry has for them.

/** Fields of a row that hold the time of its event, in milliseconds of the Unix epoch: LogScale's and Sumo Logic's. */
export const TIMES: readonly string[] = ['@timestamp', '_messagetime']

/**
 * Host, user and program of a finding: the names of each in events, the most useful first. Left out where the finding already shows one of
 * `shown`.
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
