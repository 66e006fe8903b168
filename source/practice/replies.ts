import type {ServerStatus} from '../server/server.js';
import type {Question, Reading} from '../step.js';
import {textOfAnswer} from './programs/command.js';
import {runCommand} from './programs/programs.js';
import {
	contentOf,
	entryOf,
	carriedOwnerOf,
	sha256,
} from './file-tree.js';
import type {Machine} from './state.js';

/** Answers to questions, and how things stand. Asking changes nothing: whatever a command did to the droplet for it is thrown away. */
const fileReading = (machine: Machine, file: string): Reading => {
	const entry = entryOf(machine.droplet, file);
	const content = contentOf(machine, file);
	if (entry?.type === 'folder') {
		return {
			outcome: 'ran', code: 2, out: '', err: `${file} is a folder\n`,
		};
	}

	if (content === undefined) {
		return {
			outcome: 'ran', code: 1, out: '', err: '',
		};
	}

	const head = entry ? `${entry.mode.toString(8)} ${carriedOwnerOf(machine.droplet, entry)}` : '444 root:root';
	return {
		outcome: 'ran', code: 0, out: `${head} ${sha256(content)}\n${content}`, err: '',
	};
};

const answer = (machine: Machine, question: Question, connection: string | undefined): Reading => {
	if ('file' in question) {
		return fileReading(machine, question.file);
	}

	const result = runCommand({
		droplet: structuredClone(machine.droplet), now: machine.now, argv: question.argv, stdin: question.stdin ?? '', connection,
	});
	return {
		outcome: result.noSuchCommand ? 'no-such-command' : 'ran', code: result.code, out: textOfAnswer(result, 'out'), err: textOfAnswer(result, 'err'),
	};
};

/** What iptables 1.4.21 says where another program holds the one lock that all its commands take, listing included (T, verified.md 7). */
const lockHeld: Reading = {
	outcome: 'ran', code: 4, out: '', err: 'Another app is currently holding the xtables lock. Perhaps you want to use the -w option?\n',
};

/** Answers to questions that are asked side by side: of those that take the lock of iptables, the first one gets it. */
export const answers = (machine: Machine, questions: readonly Question[], connection: string | undefined): readonly Reading[] => {
	let isHeld = false;
	return questions.map(question => {
		const locks = machine.droplet.level === 'ubuntu-14.04' && 'argv' in question && /^(?:.*\/)?ip6?tables$/v.test(question.argv[0]);
		if (locks && isHeld && !question.argv.includes('-w')) {
			return lockHeld;
		}

		isHeld ||= locks;
		return answer(machine, question, connection);
	});
};

export const idFile = '/var/lib/dropwise/id';

/** Whole seconds from one moment to another, both in milliseconds since the epoch; 0 where it is over. */
export const secondsUntil = (until: number, now: number): number => Math.max(0, Math.ceil((until - now) / 1000));

const guardStands = (guard: Machine['droplet']['guard'], now: number): ServerStatus['guard'] => {
	if (guard === undefined) {
		return {state: 'none'};
	}

	return guard.state === 'armed'
		? {state: 'armed', id: guard.id, secondsLeft: secondsUntil(guard.until, now)}
		: {
			state: 'reverted', id: guard.id, why: guard.why!, amiss: guard.amiss ?? [],
		};
};

export const statusOf = (machine: Machine): ServerStatus => {
	const {droplet, now} = machine;
	const {guard, lease} = droplet;
	return {
		id: contentOf(machine, idFile)?.trim(),
		guard: guardStands(guard, now),
		lease: lease && lease.until > now ? {holder: lease.holder, secondsLeft: secondsUntil(lease.until, now)} : undefined,
		running: Object.entries(droplet.orders).filter(([, {endsAt}]) => endsAt > now).map(([id]) => id),
	};
};
