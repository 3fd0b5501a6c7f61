// Loaded before the built program: keeps the bytecode of its scripts, in this thread and in its workers. Functions that have run are part of it.
import { renameSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import vm from 'node:vm'
import { isMainThread, threadId, Worker } from 'node:worker_threads'

const scripts = new Map()
vm.Script = class extends vm.Script {
  constructor(code, options) {
    super(code, options)
    const { filename = '' } = options ?? {}
    if (filename.endsWith('.cjs')) scripts.set(filename, this)
  }
}
syncBuiltinESMExports()

const keep = () => {
  for (const [file, script] of scripts) {
    // A thread may be ended while it writes.
    writeFileSync(`${file}.${threadId}.part`, script.createCachedData())
    renameSync(`${file}.${threadId}.part`, `${file}.v8`)
  }
}

/** Milliseconds. */
const OFTEN = 50
if (isMainThread) process.on('exit', keep)
else setInterval(keep, OFTEN).unref()

// A worker is ended when the run ends, which may be before it has kept all.
const { terminate } = Worker.prototype
Worker.prototype.terminate = async function () {
  await new Promise((resolve) => setTimeout(resolve, 10 * OFTEN))
  return terminate.call(this)
}
