import {amissAfter} from './revert-check.js';
import {
	contentOf,
	entryOf,
	idsOf,
	isFolder,
	makeFolder,
	carriedOwnerOf,
	remove,
	sha256,
	writeFile,
} from './file-tree.js';
import {runCommand} from './programs/programs.js';
import {isBuiltIn} from './netfilter/ruleset.js';
import type {
	Droplet,
	KeptFile,
	Machine,
	Ruleset,
	WayBack,
} from './state.js';

/** Keeps a file as it stands, so that it can be put back byte for byte. */
export const keep = (machine: Machine, path: string): KeptFile => {
	const {droplet} = machine;
	// The contents stand in `kept`; the folder is there because commands may put things into it.
	for (const folder of ['/var/lib/dropwise', '/var/lib/dropwise/kept']) {
		if (!isFolder(droplet, folder)) {
			makeFolder(machine, folder);
		}
	}

	const entry = entryOf(droplet, path);
	const content = contentOf(machine, path);
	if (entry?.type !== 'file' || content === undefined) {
		return {path, sha256: 'absent'};
	}

	const hash = sha256(content);
	droplet.kept[hash] = content;
	return {
		path, sha256: hash, mode: entry.mode, owner: carriedOwnerOf(droplet, entry), uid: entry.uid, gid: entry.gid,
	};
};

/** Puts a kept file back. Returns false: its content is not here. */
export const putBack = (machine: Machine, kept: KeptFile): boolean => {
	if (kept.sha256 === 'absent') {
		remove(machine.droplet, kept.path);
		return true;
	}

	const {path, mode, owner, uid, gid} = kept as Exclude<KeptFile, {sha256: 'absent'}>;
	const content = machine.droplet.kept[kept.sha256];
	if (content === undefined) {
		return false;
	}

	writeFile(machine, path, content, {mode, ...(uid === undefined || gid === undefined ? idsOf(machine.droplet, owner) : {uid, gid})});
	return true;
};

const own = (chain: string): boolean => /^ufw6?-/v.test(chain);
const jump = (rule: string): boolean => /-j ufw6?-/v.test(rule);

/** Makes of the kernel's rules what is ufw's as it was, and leaves alone what is not. */
const rulesBack = (now: Ruleset, was: Ruleset): void => {
	for (const chain of Object.keys(now.chains)) {
		if (own(chain)) {
			Reflect.deleteProperty(now.chains, chain);
		}
	}

	for (const [chain, rules] of Object.entries(was.chains)) {
		if (own(chain)) {
			now.chains[chain] = [...rules];
		} else if (isBuiltIn(was, chain)) {
			const others = (now.chains[chain] ?? []).filter(rule => !jump(rule));
			const same = JSON.stringify(others) === JSON.stringify(rules.filter(rule => !jump(rule)));
			now.chains[chain] = same ? [...rules] : [...others, ...rules.filter(rule => jump(rule))];
			now.policies[chain] = was.policies[chain]!;
		}
	}
};

/** What was begun under the guard and still goes on ends here: it must not go on while its way back is gone. */
const endOrders = (droplet: Droplet, waysBack: readonly WayBack[], now: number): void => {
	for (const order of waysBack.map(({order}) => droplet.orders[order])) {
		if (!(order && order.endsAt > now)) {
			continue;
		}

		order.pieces = order.pieces.filter(({at}) => order.begunAt + at <= now);
		order.endsAt = now;
		order.code = 143;
	}
};

/**
Puts everything back that was done under the guard.

First from the last order to the first: its undo commands, then its files. Then from the first to the last: the commands that are their own way back. At boot those are left out, for services start from the files anyway.
*/
export const carryOutRevert = (machine: Machine, why: 'time' | 'boot' | 'asked'): void => {
	const {droplet} = machine;
	const guard = droplet.guard!;
	// Commands below may look at the guard: it no longer waits for anybody.
	guard.state = 'reverted';
	guard.why = why;
	endOrders(droplet, guard.waysBack, machine.now);
	const run = (argv: readonly string[], stdin = '') => runCommand({...machine, argv, stdin});
	if (why === 'boot') {
		for (const {kept} of guard.waysBack.toReversed()) {
			for (const file of kept) {
				putBack(machine, file);
			}
		}
	}

	for (const {undo, kept} of guard.waysBack.toReversed()) {
		for (const argv of undo) {
			run(argv);
		}

		for (const file of kept) {
			putBack(machine, file);
		}
	}

	if (why !== 'boot') {
		rulesBack(droplet.netfilter.v4.filter, guard.rules.v4.filter);
		rulesBack(droplet.netfilter.v6.filter, guard.rules.v6.filter);
		for (const {again} of guard.waysBack) {
			if (again) {
				run(again.argv, again.stdin);
			}
		}
	}

	guard.amiss = amissAfter(machine, guard);
	guard.waysBack = [];
};

/** What would have happened by now while nobody looked. */
export const letTimePass = (machine: Machine): void => {
	const {guard} = machine.droplet;
	if (guard?.state === 'armed' && machine.now >= guard.until) {
		carryOutRevert({droplet: machine.droplet, now: guard.until}, 'time');
	}
};
