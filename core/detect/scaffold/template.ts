// The part of a new detection that one language supplies for its platform.
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
