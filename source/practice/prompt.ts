/** A prompt on the practice droplet, as root: what a person types in another window on a server of their own. */
import path from 'node:path/posix';
import {meant} from '../did-you-mean.js';
import {contentOf, isFolder, writeFile} from './file-tree.js';
import {freshDroplet} from './images/image.js';
import {textOfAnswer, type Answer} from './programs/command.js';
import {namesOf, runCommand} from './programs/programs.js';
import type {Clock} from './practice-server.js';
import {switchedOn} from './reboot.js';
import {parseLine, type ShellLine} from './shell-words.js';
import {NotModelled, type Level, type Machine} from './state.js';
import {openStore} from './store.js';

/** What came of a line. `said`: what a terminal would show. */
export type Entered =
	| {readonly said: string; /** Where it asks something: the next line goes there. */ readonly asks?: {readonly question: string; readonly answer: (line: string) => Promise<Entered>}}
	| {readonly file: {readonly path: string; readonly content: string; readonly keep: (content: string) => void}}
	| {readonly goesOn: true}
	| {readonly leaves: true};

export type Practised = {
	readonly directory: string;
	readonly level: Level;
	readonly clock: Clock;
	/** How slow commands are: 1 as the real ones, 0 at once. */
	readonly pace: number;
};

const editors: ReadonlySet<string> = new Set(['nano', 'editor', 'pico', 'vi', 'vim', 'emacs', 'sudoedit']);
const leaving: ReadonlySet<string> = new Set(['exit', 'logout', 'quit']);

/** What somebody types who was told to become root first, which one is here. */
const becomingRoot = /^(?:sudo (?:-i|-s|su|su -|bash)|su(?: -)?(?: root)?)$/;

const fromTheTop = 'There is no going into folders at this prompt: name files from the top, as in /etc/hosts\n';

/** What is named, with the forms of one command in one: the list is to leave room on the screen for what it is about. */
const known = (machine: Machine): string => {
	const names = namesOf(machine);
	const isForm = (name: string): boolean => /-(?:legacy|restore|save)$/v.test(name) && names.includes(name.split('-')[0]!);
	const formsOf = (name: string): string => names.filter(one => isForm(one) && one.startsWith(`${name}-`)).map(one => one.slice(name.length)).join(', ');
	return ['help', 'exit', 'nano', ...names.filter(name => !isForm(name)).map(name => formsOf(name) === '' ? name : `${name} (${formsOf(name)})`)].join(', ');
};

/** One command, its output in a file where that is wanted. */
const carryOut = (machine: Machine, {argv, to}: ShellLine, pace: number, stdin: string): Answer => {
	const file = to?.path;
	if (file !== undefined && !path.isAbsolute(file)) {
		return {code: 1, said: [{stream: 'err', text: fromTheTop}]};
	}

	if (file !== undefined && (isFolder(machine.droplet, file) || !isFolder(machine.droplet, path.dirname(file)))) {
		return {code: 1, said: [{stream: 'err', text: `-bash: ${file}: ${isFolder(machine.droplet, file) ? 'Is a directory' : 'No such file or directory'}\n`}]};
	}

	const before = machine.droplet.boot.id;
	const first = argv.findIndex(word => !/^[a-z_]\w*=/i.test(word));
	const answer = first === -1 ? {code: 0, said: []} : runCommand({...machine, stdin, argv: first === 0 ? argv : ['env', ...argv]});
	if (machine.droplet.boot.id !== before) {
		switchedOn(machine, pace);
	}

	if (file === undefined) {
		return answer;
	}

	writeFile(machine, file, `${to!.append ? contentOf(machine, file) ?? '' : ''}${textOfAnswer(answer, 'out')}`);
	return {...answer, said: answer.said.filter(({stream}) => stream === 'err')};
};

export const openPrompt = ({directory, level, clock, pace}: Practised): {readonly sign: string; readonly enter: (line: string) => Promise<Entered>} => {
	const {access} = openStore(directory, level, clock.now, () => freshDroplet(level, clock.now()));

	/** What was probably meant; else all that there is. */
	const unknown = (name: string): string => {
		const near = meant(name, access(machine => namesOf(machine)));
		return near === '' ? ` It knows: ${access(known)}.` : `${near} "help" names all that it knows.`;
	};

	const run = async (line: ShellLine, typed?: string): Promise<Entered> => {
		const [name = '', inner = ''] = line.argv;
		const isThere = (): boolean => access(machine => namesOf(machine)).includes(path.basename(name));
		// While the droplet starts nobody can be logged in to it.
		await clock.wait(access(({droplet, now}) => Math.max(0, droplet.boot.at - now)));
		try {
			const answer = access(machine => carryOut(machine, line, pace, typed === undefined ? '' : `${typed}\n`));
			await clock.wait((answer.seconds ?? 0) * 1000 * pace);
			const said = answer.said.map(({text}) => text).join('');
			const {asked = ''} = answer;
			if (typed !== undefined) {
				return {said: said.slice(asked.length)};
			}

			if (asked !== '') {
				const [, before = '', question = ''] = /^(?<before>[\s\S]*?)(?<question>[^.\n]*)$/.exec(asked.trimEnd()) ?? [];
				return {said: before, asks: {question: question.trim(), answer: async text => run(line, text)}};
			}

			return {said: answer.noSuchCommand ? `${isThere() ? `${name}: ${inner}` : `-bash: ${name}`}: command not found\n` : said};
		} catch (error) {
			if (!(error instanceof NotModelled)) {
				throw error;
			}

			return {said: isThere()
				? `The practice droplet knows ${name}, but not what was asked of it here. ${error.instead ?? 'The commands that are shown it knows.'}\n`
				: `The practice droplet does not know ${name}.${unknown(name)}\n`};
		}
	};

	const open = (named: string | undefined): Entered => {
		if (named === undefined) {
			return {said: 'Name the file that is to be opened, for example: nano /etc/hosts\n'};
		}

		const file = path.normalize(named);
		if (!path.isAbsolute(file)) {
			return {said: fromTheTop};
		}

		if (access(({droplet}) => isFolder(droplet, file) || !isFolder(droplet, path.dirname(file)))) {
			return {said: `${named} is no file that can be opened: it is a folder, or in none that is there.\n`};
		}

		return {file: {
			path: file, content: access(machine => contentOf(machine, file)) ?? '', keep(content) {
				access(machine => {
					writeFile(machine, file, content);
				});
			},
		}};
	};

	return {
		sign: 'root@practice:~#',
		async enter(text) {
			const line = parseLine(text);
			if (!('argv' in line)) {
				return 'wrong' in line ? {said: `${line.wrong}\n`} : line;
			}

			const words = line.argv[0] === 'sudo' && editors.has(line.argv[1] ?? '') ? line.argv.slice(1) : line.argv;
			const [name] = words;
			if (name !== undefined && leaving.has(name)) {
				return {leaves: true};
			}

			if (becomingRoot.test(line.argv.join(' '))) {
				return {said: 'You are root here already.\n'};
			}

			if (name === 'cd') {
				return {said: fromTheTop};
			}

			if (name === 'help') {
				return {said: `The practice droplet knows: ${access(known)}.\n`};
			}

			return name !== undefined && editors.has(name) ? open(words.findLast((word, index) => index > 0 && !/^[-+]/.test(word))) : run(line);
		},
	};
};
