/** Makes Node say `drained` on standard error where a program ends because nothing is left open, and not because it was told to exit. */
const hook = 'process.once("beforeExit",()=>{process.stderr.write("drained\\n")})';

/** For the program's environment. */
export const drains = {NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}`} as const;
