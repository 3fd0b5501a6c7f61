// Development: fetches the JSON Schema of SARIF 2.1.0 from OASIS into .tmp/, where the test of the output finds it. It is not ours to
// publish (https://www.oasis-open.org/policies-guidelines/ipr/).
import { mkdirSync, writeFileSync } from 'node:fs'

const URL = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
const answer = await fetch(URL)
if (!answer.ok) throw new Error(`${URL}: ${answer.status}`)
mkdirSync('.tmp', { recursive: true })
writeFileSync('.tmp/sarif-schema-2.1.0.json', await answer.text())
