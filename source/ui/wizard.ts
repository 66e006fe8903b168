import type {Decide, Decision} from '../engine/events.js';
import type {Ground, Step} from '../step.js';
import {askAll, type AllAnswers} from './asks.js';
import {chartLines} from './chart.js';
import {claimLines, sortClaims} from './claims.js';
import {finishLines, type Ending} from './finish.js';
import type {Look} from './look.js';
import type {Progress} from './progress.js';
import {NoAnswer, type Questions} from './questions.js';
import {serverLine} from './step-lines.js';
import {surveyLines} from './survey.js';
import {count, indent} from './words.js';

/** A server we are logged in to, and what can be done there. */
export type Berth = {
	readonly name: string;
	readonly practice: boolean;
	readonly me: Ground['me'];
	readonly steps: readonly Step[];
	/** Answers of earlier runs. */
	readonly known: AllAnswers;
	/** Steps that something was done for before. */
	readonly before: ReadonlySet<string>;
	/** Finds or makes the key pair; asks if it must. Returns what becomes `admin-user.identity`. */
	readonly findKey: () => Promise<string>;
	/** Looks at everything; tells nothing by itself. */
	readonly check: (answers: AllAnswers) => Promise<{readonly code: number; readonly progress: Progress}>;
	readonly apply: (answers: AllAnswers, decide: Decide) => Promise<{readonly code: number; readonly progress: Progress}>;
	readonly ending: (progress: Progress) => Ending;
};

export type Table = {readonly questions: Questions; readonly say: (line: string) => void; readonly look: Look};

/** Asks before each step; Enter alone does it. */
export const decideByAsking = (questions: Questions): Decide => async () => {
	try {
		return await questions.choose<Decision>({
			choices: [
				{label: 'Do it', value: 'do'},
				{label: 'Skip', note: 'leave it as it is and go on', value: 'skip'},
				{label: 'Stop', note: 'nothing more is done', value: 'stop'},
			],
			default: 1,
		});
	} catch (error) {
		if (error instanceof NoAnswer) {
			return 'stop';
		}

		throw error;
	}
};

const showSurvey = (berth: Berth, progress: Progress, {say, look}: Table): void => {
	say('');
	say(serverLine(berth.name, progress, look));
	for (const warning of progress.ground ? surveyLines(progress.ground, new Date()) : []) {
		for (const line of indent(warning, look.columns, ' '.repeat(3), ' ! ')) {
			say(line);
		}
	}

	say('');
	const ended = new Map(progress.steps.map(step => [step.step, step.ended]));
	for (const line of chartLines(berth.steps.map(({id, title, phase}) => ({
		title, phase, ended: ended.get(id), before: berth.before.has(id),
	})), look)) {
		say(line);
	}
};

const showClaims = (progress: Progress, {say, look}: Table): void => {
	for (const {title, claims} of progress.steps) {
		say('');
		say(` ${title}`);
		for (const line of sortClaims(claims).flatMap(claim => claimLines(claim, look))) {
			say(line);
		}
	}
};

const askWhetherToGoOn = async (berth: Berth, progress: Progress, table: Table): Promise<boolean> => {
	const open = berth.steps.filter(({id}) => progress.steps.some(({step, ended}) => step === id && ended !== 'holds' && ended !== 'unknown'));
	const [first] = open;
	for (;;) {
		const choice = await table.questions.choose({
			says: first ? undefined : 'All of it holds.',
			choices: [
				first ? {label: `Go on with "${first.title}"`, note: `${count(open.length, 'step')} to do, about ${count(open.reduce((sum, {minutes}) => sum + minutes, 0), 'minute')}`, value: 'on'} : {label: 'Finish', value: 'on'},
				{label: 'Show what was found, claim by claim', value: 'show'},
				{label: 'Stop', note: 'nothing was changed', value: 'stop'},
			],
			default: 1,
		} as const);
		if (choice !== 'show') {
			return choice === 'on';
		}

		showClaims(progress, table);
	}
};

/** From a server we are logged in to, to a server that is set up: survey, questions, step by step, finish. */
export const goThrough = async (berth: Berth, table: Table): Promise<number> => {
	const {questions, say, look} = table;
	say('');
	say(berth.practice
		? ' This is the practice droplet: a model of a fresh server, where all may be tried.'
		: ` Logged in to ${berth.name} as ${berth.me.user}.`);
	const asked: AllAnswers = berth.steps.some(({id}) => id === 'admin-user') ? {'admin-user': {...berth.known['admin-user'], identity: await berth.findKey()}} : {};
	const answers = await askAll(questions, berth.steps, {...berth.known, ...asked}, berth.me, new Set(['admin-user.identity']));
	const first = await berth.check(answers);
	// Nothing was looked at: the reason was told.
	if (first.progress.steps.length === 0 || first.code > 1) {
		return first.code;
	}

	showSurvey(berth, first.progress, table);
	if (!await askWhetherToGoOn(berth, first.progress, table)) {
		say(' Stopped. Nothing was changed.');
		return 0;
	}

	const last = first.code === 0 ? first : await berth.apply(answers, decideByAsking(questions));
	for (const line of last.code === 0 || last.code === 1 ? finishLines(last.progress, berth.ending(last.progress), look) : []) {
		say(line);
	}

	return last.code;
};
