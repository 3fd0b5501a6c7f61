// A language's share of a new detection, under its platform.
import type { Names, Scaffold } from '../../lang/shared/scaffold.ts'
import type { Technique } from '../attack/attack.ts'

export interface Template extends Scaffold {
  /** Key of `platforms` in detection.yml. */
  readonly id: string
  /** Id of the language. */
  readonly language: string
}

export interface DetectionNames extends Names {
  readonly technique: Technique
}
