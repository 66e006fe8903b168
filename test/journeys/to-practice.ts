/** Each screen of a set-up, on the practice droplet. */
import type {ExecutionContext} from 'ava';
import {consoleOf} from './by-hand.js';
import {begin, type Begun} from './connect.js';
import {verdictOn} from './hands.js';
import {four} from './plain.js';
import {
	ctrlC, down, enter, type Journey,
} from './terminal.js';
import {typeAt, type Waypoint} from './waypoint.js';

const overview = /Harden[\s\S]*❯ Go on with "Your own user"/;
const practised = /You have practised before\.\n[\s\S]*❯/;
const which = /Which one\?\n[\s\S]*❯/;
const question = /What should your own user be called\?\n[\s\S]*❯/;
const deciding = /Your own user +step 1 of 4[\s\S]*❯ (?:Read on|Do it)/;
const typing = /another\s+window[\s\S]*❯ (?:It is done|Read on)/;
const found = /What was found, claim by claim\n/;
const whatNow = /What now\?\n[\s\S]*❯/;
const sudoers = '/etc/sudoers.d/dropwise-ada';
const nothingHalf = /Nothing is half done/;

/** The way to a screen, on a droplet where nothing was done. */
const onTheWay = (to: (journey: Journey) => Promise<unknown>): Waypoint['prepare'] => async t => ({
	async go() {
		const begun = await begin(t, ['practice', ...four]);
		await begun.journey.sees(overview);
		await to(begun.journey);
		return begun;
	},
	untouched({home}) {
		t.not(consoleOf(home).run(['id', 'ada']).code, 0);
	},
});

const toStep = async (journey: Journey): Promise<void> => {
	journey.press(enter);
	await typeAt(journey, question);
	await journey.sees(deciding);
};

/** Does the first step, after `before`, up to what it comes to. */
const doFirst = async (t: ExecutionContext, end: RegExp, before: (begun: Begun) => void = () => undefined): Promise<Begun> => {
	const begun = await begin(t, ['practice', ...four]);
	const {journey} = begun;
	await journey.sees(overview);
	await toStep(journey);
	while (!(await journey.sees(/❯ (?:Read on|Do it)/)).includes('❯ Do it')) {
		journey.press(enter);
		await journey.sees(/❯ Do it/);
	}

	before(begun);
	journey.press(enter);
	await journey.sees(end);
	return begun;
};

const toVerdict = async (t: ExecutionContext): Promise<Begun> => doFirst(t, verdictOn('Your own user'));

export const toPractice: readonly Waypoint[] = [
	{
		name: 'another practice', takes: 'keys', stands: practised, back: {to: /Where shall we begin\?\n[\s\S]*❯/},
		async prepare(t) {
			const {journey, home} = await toVerdict(t);
			journey.press(ctrlC);
			await journey.ended();
			return {
				async go() {
					const begun = await begin(t, [], {home});
					await typeAt(begun.journey, /❯ Practise/);
					await begun.journey.sees(practised);
					return begun;
				},
				untouched() {
					t.is(consoleOf(home).run(['id', 'ada']).code, 0, 'nothing is thrown away unasked');
				},
			};
		},
	},
	{
		name: 'the overview', takes: 'keys', stands: overview, narrow: /❯ Go on with "Your own user"\n +4 steps to do/, back: {to: overview, again: ''}, explains: /Somebody switched off root's log-in first/,
		prepare: onTheWay(async () => undefined),
	},
	{
		name: 'the choice of a step', takes: 'keys', stands: which, back: {to: overview, again: `${down}${enter}`}, explains: /Somebody switched off root's log-in first/,
		prepare: onTheWay(async journey => {
			journey.press(`${down}${enter}`);
			await journey.sees(which);
		}),
	},
	{
		name: 'what was found', takes: 'keys', stands: found, back: {to: overview, again: ''},
		prepare: onTheWay(async journey => {
			journey.press(`${down}${down}${enter}`);
			await journey.sees(found);
		}),
	},
	{
		name: 'the question of a step', takes: 'letters', stands: question, back: {to: overview},
		prepare: onTheWay(async journey => {
			journey.press(enter);
			await journey.sees(question);
		}),
	},
	{
		name: 'a step before its work', takes: 'keys of a step', stands: deciding, back: {to: overview, again: ''}, explains: /Somebody switched off root's log-in first/, lastWords: nothingHalf, lastWordsAtOnce: /Left\. Nothing was running on the server\.$|Nothing is half done/,
		prepare: onTheWay(toStep),
	},
	{
		name: 'a step that one types oneself', takes: 'keys', stands: typing, back: {to: deciding, again: 't'}, lastWords: nothingHalf, lastWordsAtOnce: /Left\. Nothing was running on the server\.$|Nothing is half done/,
		prepare: onTheWay(async journey => {
			await toStep(journey);
			journey.press('t');
			await journey.sees(typing);
		}),
	},
	{
		name: 'what became of a step that failed', takes: 'keys', stands: whatNow, back: {to: /❯ \w[^\n]* "Your own user"/, again: ''},
		async prepare(t) {
			return {
				go: async () => doFirst(t, whatNow, ({home}) => {
					consoleOf(home).write(sudoers, '# mine\n', {mode: 0o440});
				}),
				untouched({home}) {
					t.is(consoleOf(home).read(sudoers), '# mine\n', 'what somebody wrote stays');
				},
			};
		},
	},
	{
		name: 'a verdict', takes: 'keys', stands: /❯ Go on\n/, back: {to: /❯ Go on with "Keys only"/, again: ''},
		async prepare(t) {
			return {
				go: async () => toVerdict(t),
				untouched({home}) {
					t.is(consoleOf(home).run(['id', 'ada']).code, 0, 'what was done stays');
				},
			};
		},
	},
];
