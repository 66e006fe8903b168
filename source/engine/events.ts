/**
The one stream of what happens. The lines on the screen, `--json`, the record and the report all come from it and from nothing else.

Every event is handed to each consumer and awaited before the engine goes on. No event carries a secret.

With `--json` each event is one line on standard output: `{"v": 2, "time": ISO 8601, "server": NAME, …event}`. `v` is `eventsVersion`; `server` is the server as it was named on the command line. Standard output holds nothing else. What is risky for a terminal is `\\u`-escaped, so that nothing is lost. A failure before the run is one `trouble` event, after whatever was heard while connecting and without `run-finished`; usage errors stand on standard error alone.
*/
import type {Claim, ServerInfo, Phase} from '../step.js';

/** Version of the events' format, raised when a field changes its meaning or goes away. */
export const eventsVersion = 2;

/** A place where a file changes. */
export type Hunk = {
	/** The line of the file as it is now at which it begins, counted from 1; where there is no file yet, 0 or 1. */
	readonly from: number;
	/** Each begins with `+`, `-` or a space: what comes, what goes, and what stands around. */
	readonly lines: readonly string[];
};

/** An action as it is shown before it is done. */
export type Planned = {
	readonly id: string;
	readonly do: 'run' | 'write' | 'install' | 'upgrade' | 'reboot';
	readonly because: string;
	/** The command one could type, or the file that is written. */
	readonly shows: string;
	/** For a file: the places where it changes, from top to bottom. */
	readonly diff?: readonly Hunk[];
	/** For a file: how somebody writes it with their own hands. */
	readonly file?: {readonly path: string; /** Whether the changed lines are all of it, come after all of it, or stand within. */ readonly how: 'new' | 'append' | 'edit'; /** The commands that give it its mode and owner, where they change. */ readonly afterwards: readonly string[]};
	/** The commands that somebody types for it, where `shows` is not all of them. */
	readonly byHand?: readonly string[];
	/** Set where it cannot be taken back: what remains. */
	readonly cannotUndo?: string;
};

export type Verdict = Claim & {readonly by: 'server' | 'outside'};

/** How a step stands: `holds`, `false` (a claim does not hold), `unknown` (none false, some unknown). */
export type State = 'holds' | 'false' | 'unknown';
/** How a step ended: as it stands, or `skipped`, `failed` (stuck, refused, an error), `reverted` (the guard put it back), `undone`, `unavailable` (not there for this release yet: nothing was looked at). */
export type Ended = State | 'skipped' | 'failed' | 'reverted' | 'undone' | 'unavailable';

export type StepLine = {readonly step: string; readonly title: string; readonly phase: Phase};

/** What went wrong, for the person: what happened, why it matters, what to try. */
export type Trouble = {readonly what: string; readonly why?: string; readonly tries: readonly string[]; /** The last lines the server said. */ readonly said?: string};

/** What a run does. */
export type Doing = 'check' | 'plan' | 'apply' | 'undo';

/** How one comes to be logged in, before the run. `server` as the person named it. */
export type ConnectEvent =
	| {readonly event: 'connecting'; readonly server: string; readonly user: string}
	/** The server showed its host key (`SHA256:…`). `verdict`: it is `known` here or as `expected`; `moved`: it is the key of `from`, which is known; `unknown`, or `changed` from those `before`: somebody must say whether it is right; `differs` from the one that was expected. */
	| {readonly event: 'host-key'; readonly server: string; readonly key: string; readonly kind: string; readonly verdict: 'known' | 'expected' | 'moved' | 'unknown' | 'changed' | 'differs'; readonly from?: string; readonly before?: readonly string[]; readonly expected?: string}
	| {readonly event: 'logging-in'; readonly server: string; readonly user: string}
	/** Only the person knows what is wanted to go on. */
	| {readonly event: 'needed'; readonly trouble: Trouble}
	/** An attempt did not lead in, or a key cannot be used; another may be made. */
	| {readonly event: 'refused'; readonly trouble: Trouble}
	| {readonly event: 'logged-in'; readonly server: string; readonly user: string}
	/** A key pair was made on this computer. `identity`: the file of its private half. */
	| {readonly event: 'key-made'; readonly identity: string};

export type Event =
	| ConnectEvent
	| {readonly event: 'run-started'; readonly run: string; readonly doing: Doing; readonly version: string; readonly steps: readonly StepLine[]}
	| {readonly event: 'connected'; readonly server: string; readonly practice: boolean; readonly info: ServerInfo; readonly hostKeys: readonly string[]}
	/** Something takes a while; repeated at least every two seconds while it does. `secondsLeft`: how long it takes at most, where that is known. It has nothing to do with a guard. */
	| {readonly event: 'waiting'; readonly for: string; readonly seconds: number; readonly secondsLeft?: number}
	| {readonly event: 'note'; readonly says: string}
	/** An action that an earlier run began, heard to its end. */
	| {readonly event: 'resumed'; readonly id: string; readonly shows: string; readonly out: string; readonly err: string; readonly code: number}
	| {readonly event: 'step-started'; readonly step: string; readonly title: string; readonly phase: Phase; readonly why: string; readonly lesson: string; readonly minutes: number; readonly guarded: boolean}
	| {readonly event: 'planned'; readonly step: string; readonly round: number; readonly actions: readonly Planned[]}
	/** What is left to do of a step that somebody does with their own hands, told anew as it turns out. */
	| {readonly event: 'left'; readonly step: string; readonly actions: readonly Planned[]}
	/** What the person said to what was planned, or what was said for them beforehand. */
	| {readonly event: 'decided'; readonly step: string; readonly decision: Decision}
	| {readonly event: 'armed'; readonly step: string; readonly seconds: number}
	/** The server's clock was started anew: so many seconds until the guard that is armed puts everything back. */
	| {readonly event: 'deadline'; readonly secondsLeft: number}
	| {readonly event: 'action-started'; readonly step: string; readonly action: Planned}
	/** What the server says to an action. `id`: the action's, as it was announced; `part`: which of the action's orders, for all that apt does comes to several. */
	| {readonly event: 'output'; readonly id: string; readonly part: string; readonly stream: 'out' | 'err'; readonly text: string}
	/** How far an action is, where the server tells it: `share` of the whole, from 0 to 1 in hundredths, as far as that can be guessed beforehand. `reading`: the lists of packages. `package`: the one whose turn it is, as the server calls it. */
	| {readonly event: 'progress'; readonly id: string; readonly share: number; readonly at: 'reading' | 'fetching' | 'installing'; readonly package?: string}
	| {readonly event: 'action-finished'; readonly step: string; readonly id: string; readonly code: number; readonly seconds: number}
	/** How the step stands: as it was found, or `after` something was done for it in this run. */
	| {readonly event: 'claims'; readonly step: string; readonly stands: 'found' | 'after'; readonly claims: readonly Verdict[]}
	| {readonly event: 'confirmed'; readonly step: string}
	/** What was done under the guard was put back. `amiss`: what could not be, such as `the file /etc/ssh/sshd_config`. */
	| {readonly event: 'reverted'; readonly step: string; readonly why: string; readonly amiss: readonly string[]}
	| {readonly event: 'trouble'; readonly step?: string; readonly trouble: Trouble}
	| {readonly event: 'step-finished'; readonly step: string; readonly ended: Ended; readonly actions: number; readonly seconds: number}
	| {readonly event: 'run-finished'; readonly steps: number; readonly held: number; readonly notHeld: number; readonly unknowns: number; readonly unavailable: number; readonly actions: number; readonly looks: number; readonly exitCode: number};

/** A consumer of the stream. */
export type Listener = (event: Event) => Promise<void> | void;

/** What the person says when shown what a step will do. `typed`: they do it with their own hands. `back`: they went back to what was before, and leave it as it is, as `skip` does. */
export type Decision = 'do' | 'typed' | 'skip' | 'back' | 'stop';
export type Decide = (step: StepLine, actions: readonly Planned[]) => Promise<Decision>;

/** Looking on while somebody does a step with their own hands. */
export type LookingOn = {
	/** Looks at once; resolves when what was found was told. */
	readonly look: () => Promise<void>;
	/** Set off when there is nothing left to wait for. */
	readonly over: AbortSignal;
};
/** Lasts as long as the person types, and `over` was not set off. `back`: they want to see what is left to do. */
export type ByHand = (step: StepLine, looking: LookingOn) => Promise<'back' | 'stop'>;
