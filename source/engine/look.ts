/** Looking: all facts of all steps in two round trips, whatever their number. */
import type {
	Context,
	Fact,
	Lookup,
	Question,
	Reading,
	Step,
} from '../step.js';
import type {Server} from '../server/server.js';

/** What a step found out, or why it could not. */
export type Facts = {readonly found: Readonly<Record<string, unknown>>} | {readonly unreadable: string};
export type AllFacts = ReadonlyMap<string, Facts>;

const bare = (fact: Fact<unknown>): Question => ('file' in fact
	? {file: fact.file}
	: {argv: fact.argv, ...(fact.seconds === undefined ? {} : {seconds: fact.seconds}), ...(fact.stdin === undefined ? {} : {stdin: fact.stdin})});
const keyOf = (fact: Fact<unknown>): string => JSON.stringify(bare(fact));

const isList = (value: unknown): value is ReadonlyArray<Fact<unknown>> => Array.isArray(value);
const listOf = (lookup: Lookup): ReadonlyArray<Fact<unknown>> => Object.values(lookup).flatMap(one => (isList(one) ? [...one] : [one as Fact<unknown>]));

/** Asks every distinct question of several lookups once, but for those that `known` has the answers of, and returns all readings by question. */
export const ask = async (server: Pick<Server, 'look'>, lookups: readonly Lookup[], known: ReadonlyMap<string, Reading> = new Map()): Promise<ReadonlyMap<string, Reading>> => {
	const all = new Map(lookups.flatMap(lookup => listOf(lookup)).map(fact => [keyOf(fact), bare(fact)]));
	const questions = [...all].filter(([key]) => !known.has(key));
	if (questions.length === 0) {
		return known;
	}

	const readings = await server.look(questions.map(([, question]) => question));
	return new Map([...known, ...questions.map(([key], index) => [key, readings[index]!] as const)]);
};

/** All that a step asks first: its look, and what it will most likely ask deeper. */
export const firstLookups = (step: Step, context: Context): readonly Lookup[] => [step.look(context) as Lookup, ...(step.likely ? [step.likely(context)] : [])];

/** Reads a lookup's values out of the answers. Throws what a parser throws. */
export const read = (lookup: Lookup, readings: ReadonlyMap<string, Reading>): Record<string, unknown> => {
	const value = (fact: Fact<unknown>): unknown => fact.parse(readings.get(keyOf(fact))!);
	return Object.fromEntries(Object.entries(lookup).map(([name, one]) => [name, isList(one) ? one.map(fact => value(fact)) : value(one as Fact<unknown>)]));
};

const attempt = (make: () => Record<string, unknown>): Facts => {
	try {
		return {found: make()};
	} catch (error) {
		return {unreadable: (error as Error).message};
	}
};

/** Looks at everything the steps ask for: one round trip for `look`, and one for what of `lookDeeper` was not among the `likely`. */
export const look = async (server: Pick<Server, 'look'>, steps: readonly Step[], contextOf: (step: Step) => Context, prefetched?: ReadonlyMap<string, Reading>): Promise<AllFacts> => {
	const lookups = new Map(steps.map(step => [step, step.look(contextOf(step)) as Lookup]));
	const first = prefetched ?? await ask(server, steps.flatMap(step => firstLookups(step, contextOf(step))));
	const shallow = new Map(steps.map(step => [step, attempt(() => read(lookups.get(step)!, first))]));
	const lookDeeper = new Map(steps.flatMap(step => {
		const facts = shallow.get(step)!;
		return step.lookDeeper && 'found' in facts ? [[step, step.lookDeeper(facts.found as never, contextOf(step)) as Lookup] as const] : [];
	}));
	const second = await ask(server, [...lookDeeper.values()], first);
	return new Map(steps.map(step => {
		const facts = shallow.get(step)!;
		const more = lookDeeper.get(step);
		return [step.id, more && 'found' in facts ? attempt(() => ({...facts.found, ...read(more, second)})) : facts];
	}));
};
