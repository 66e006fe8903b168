/** Running the engine on a droplet, and reading what it said. */
import process from 'node:process';
import {loadSteps} from '../../source/engine/load-steps.js';
import {run as runEngine} from '../../source/engine/engine.js';
import type {Event, Listener, Verdict} from '../../source/engine/events.js';
import type {Run} from '../../source/engine/session.js';
import {unsavedRecord} from '../../source/record/server-record.js';
import type {Journal} from '../../source/record/journal.js';
import type {Server} from '../../source/server/server.js';
import {fillIn} from '../../source/run/answers.js';
import type {AllAnswers, Step} from '../../source/step.js';
import {adminName, type World} from './world.js';

export type Told = {
	readonly exitCode: number;
	readonly events: readonly Event[];
	/** The last verdict on each claim, by `step/claim`. */
	readonly verdicts: ReadonlyMap<string, Verdict>;
	/** `step/claim` of all claims that do not hold. */
	readonly red: readonly string[];
	readonly unknown: readonly string[];
	/** What was done, as it is shown. */
	readonly did: readonly string[];
	/** Round trips in which facts were asked for. */
	readonly looks: number;
};

let runs = 0;

const me = {
	user: 'root', address: 'droplet', sshPort: 22, root: 'is',
} as const;

/** What the admin is called and by which key, what was given, and what the steps take for the rest. */
export const answersFor = (steps: readonly Step[], given: AllAnswers = {}): Run['answers'] =>
	fillIn({'admin-user': {name: adminName, identity: '~/.ssh/id_ed25519'}, ...given}, {}, steps, me).answers;

export type Options = {
	readonly server?: Server;
	readonly login?: Run['login'];
	/** Ids of the steps to take; all of them where it is left out. */
	readonly only?: readonly string[];
	readonly journal?: Journal;
	readonly listener?: Listener;
	/** What becomes of each plan; `do` where it is left out. */
	readonly decide?: Run['decide'];
	/** What the person does who decides to type. */
	readonly byHand?: Run['byHand'];
	readonly rescue?: Run['rescue'];
	readonly signal?: AbortSignal;
	readonly alsoOpen?: readonly number[];
	/** By which recipe Docker is put behind the firewall, and what is passed on between networks. */
	readonly recipe?: World['recipe'];
	readonly forward?: 'routes' | 'accept';
	readonly undo?: string;
	readonly holder?: string;
	readonly guardSeconds?: number;
	readonly startSeconds?: number;
	readonly repeats?: boolean;
	readonly strict?: boolean;
};

const givenIn = ({alsoOpen, recipe, forward}: Options): AllAnswers => ({
	...(alsoOpen ? {firewall: {alsoOpen}} : {}),
	...(recipe ? {'docker-behind-firewall': {recipe}} : {}),
	...(forward ? {'containers-reach-out': {forward}} : {}),
});

/** The ids of all steps but rehearsals: for what has restarts of its own, or none. */
export const unrehearsed = async (): Promise<readonly string[]> => (await loadSteps()).filter(({rehearses}) => !rehearses).map(({id}) => id);

/** One run of the engine over a droplet. */
export const go = async (world: World, doing: Run['doing'], options: Options = {}): Promise<Told> => {
	const all = await loadSteps();
	const steps = all.filter(({id}) => options.only?.includes(id) ?? true);
	const events: Event[] = [];
	const login = options.login ?? world.root;
	const server = options.server ?? await world.open(login);
	try {
		const exitCode = await runEngine({
			doing,
			server,
			serverName: world.name,
			login,
			adminLogin: world.admin,
			steps,
			catalogue: all,
			answers: answersFor(all, givenIn({...world.recipe ? {recipe: world.recipe} : {}, ...options})),
			admin: adminName,
			key: world.key,
			journal: options.journal ?? unsavedRecord(),
			run: `test-${process.pid}-${++runs}`,
			version: '0.0.0',
			holder: options.holder ?? 'the contract suite',
			...(options.signal ? {signal: options.signal} : {}),
			...(options.undo ? {undo: options.undo} : {}),
			...(options.startSeconds ? {startSeconds: options.startSeconds} : {}),
			...(options.repeats ? {repeats: true} : {}),
			...(options.strict ? {strict: true} : {}),
			...(options.guardSeconds ? {guardSeconds: options.guardSeconds} : {}),
			async listener(event) {
				events.push(event);
				await options.listener?.(event);
			},
			decide: options.decide ?? (async () => 'do'),
			...(options.rescue ? {rescue: options.rescue} : {}),
			...(options.byHand ? {byHand: options.byHand} : {}),
		});
		return tell(exitCode, events);
	} finally {
		if (!options.server) {
			await server.close();
		}
	}
};

const tell = (exitCode: number, events: readonly Event[]): Told => {
	const verdicts = new Map(events.flatMap(event => (event.event === 'claims' ? event.claims.map(claim => [`${event.step}/${claim.id}`, claim] as const) : [])));
	return {
		exitCode,
		events,
		verdicts,
		red: [...verdicts].flatMap(([id, claim]) => ('holds' in claim && !claim.holds ? [id] : [])),
		unknown: [...verdicts].flatMap(([id, claim]) => ('unknown' in claim ? [id] : [])),
		looks: events.findLast(event => event.event === 'run-finished')?.looks ?? 0,
		did: events.flatMap(event => (event.event === 'action-started' ? [event.action.shows] : [])),
	};
};

/** A failed expectation with what the program said, for the test's log. */
export const explain = ({events}: Told): string => events.flatMap(event => {
	switch (event.event) {
		case 'trouble': {
			return [`trouble: ${event.trouble.what} ${event.trouble.said ?? ''}`];
		}

		case 'reverted': {
			return [`reverted ${event.step}: ${event.why}`];
		}

		case 'action-started': {
			return [`did: ${event.action.shows}`];
		}

		case 'claims': {
			return event.claims.flatMap(claim => ('unknown' in claim ? [`unknown: ${event.step}/${claim.id}: ${claim.unknown}`] : claim.holds ? [] : [`red: ${event.step}/${claim.id}: expected ${claim.expected}, got ${claim.actual}`]));
		}

		default: {
			return [];
		}
	}
}).join('\n');
