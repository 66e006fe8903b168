/**
A clock that nobody's speed moves: while something is worked on it stands still, and when all wait it jumps to the moment that is waited for. So each run of the program takes the same time by its own clock, on every machine. For pictures only.
*/
import {syncBuiltinESMExports} from 'node:module';
import process from 'node:process';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';

type Waiting = {due: number; readonly every: number | undefined; readonly delay: number; readonly act: () => void; drives: boolean};

/** What is open all the time, and no work. */
const always = new Set(['TTYWrap', 'Timeout', 'Immediate', 'SignalWrap', 'PipeWrap', 'TickObject']);
/** Work at the other end of a line: meanwhile the clock goes as others do. */
const lines = new Set(['TCPSocketWrap', 'TCPConnectWrap']);

const begin = Date.parse(process.env['PICTURES_NOW'] ?? '2026-05-04T09:30:00Z');
let now = 0;
const waiting = new Map<object, Waiting>();

const RealDate = Date;
const StillDate = class extends RealDate {
	constructor(...parts: readonly unknown[]) {
		super(...(parts.length === 0 ? [begin + now] : parts) as [number]);
	}

	static override now(): number {
		return Math.floor(begin + now);
	}
};
Object.assign(globalThis, {Date: StillDate});
performance.now = () => now;

const realInterval = setInterval;
const realNow = process.hrtime.bigint.bind(process.hrtime);

class Handle {
	ref(): this {
		return this.#drive(true);
	}

	unref(): this {
		return this.#drive(false);
	}

	hasRef(): boolean {
		return waiting.get(this)?.drives ?? false;
	}

	refresh(): this {
		const one = waiting.get(this);
		if (one) {
			one.due = now + one.delay;
		}

		return this;
	}

	close(): this {
		waiting.delete(this);
		return this;
	}

	[Symbol.dispose](): void {
		this.close();
	}

	#drive(drives: boolean): this {
		const one = waiting.get(this);
		if (one) {
			one.drives = drives;
		}

		mind();
		return this;
	}
}

const wait = (act: () => void, delay = 0, repeats = false): Handle => {
	const handle = new Handle();
	const length = Math.max(1, delay);
	waiting.set(handle, {
		due: now + length, every: repeats ? length : undefined, delay: length, act, drives: true,
	});
	mind();
	return handle;
};

const forget = (handle: unknown): void => {
	if (handle instanceof Handle) {
		handle.close();
	}

	mind();
};

/** Moves the clock to a moment, and calls whom it wakes, in their order. */
const moveTo = (moment: number): void => {
	now = Math.max(now, moment);
	const woken = [...waiting].filter(([, {due}]) => due <= now).toSorted(([, a], [, b]) => a.due - b.due);
	for (const [handle, one] of woken) {
		if (!waiting.has(handle)) {
			continue;
		}

		if (one.every === undefined) {
			waiting.delete(handle);
		} else {
			one.due = now + one.every;
		}

		one.act();
	}

	mind();
};

let idle = 0;
let lastLook = realNow();
const theme = (): void => {
	const since = Number(realNow() - lastLook) / 1e6;
	lastLook = realNow();
	const open = process.getActiveResourcesInfo().filter(one => !always.has(one));
	if (open.some(one => !lines.has(one))) {
		idle = 0;
		return;
	}

	if (open.length > 0) {
		moveTo(now + since);
		return;
	}

	// What was just done may have something behind it.
	if (++idle < 4) {
		return;
	}

	idle = 0;
	const due = [...waiting.values()].filter(({drives}) => drives).map(one => one.due);
	if (due.length > 0) {
		moveTo(Math.min(...due));
	}
};

const heart = realInterval(theme, 1);
/** The real clock keeps the program alive as long as somebody waits for this one. */
const mind = (): void => {
	if ([...waiting.values()].some(({drives}) => drives)) {
		heart.ref();
	} else {
		heart.unref();
	}
};

mind();

const faked = {
	setTimeout: (act: (...rest: readonly unknown[]) => void, delay?: number, ...rest: readonly unknown[]) => wait(() => {
		act(...rest);
	}, delay),
	setInterval: (act: (...rest: readonly unknown[]) => void, delay?: number, ...rest: readonly unknown[]) => wait(() => {
		act(...rest);
	}, delay, true),
	clearTimeout: forget,
	clearInterval: forget,
};
Object.assign(globalThis, faked);
Object.assign(timers, faked);
Object.assign(timersPromises, {
	setTimeout: async (delay?: number, value?: unknown, {ref = true}: {ref?: boolean} = {}) => new Promise(resolve => {
		const handle = wait(() => {
			resolve(value);
		}, delay);
		if (!ref) {
			handle.unref();
		}
	}),
});
syncBuiltinESMExports();
