/** The scenarios that run on every droplet, practised or real: fresh, finished, and after each sabotage. */
import type {AssertionError, ExecutionContext} from 'ava';
import {unsavedRecord} from '../../source/record/server-record.js';
import type {Journal} from '../../source/record/journal.js';
import type {Server} from '../../source/server/server.js';
import {sabotagesFor, type Sabotage} from './sabotages.js';
import {explain, go, unrehearsed, type Told} from './scenario.js';
import type {Entry, World} from './world.js';

/** A finished droplet, and the admin's connection to it that was there before anybody sabotaged anything. */
export type Finished = {
	readonly world: World;
	readonly server: Server;
	readonly journal: Journal;
	/** Round trips of a check. */
	readonly looks: number;
	/** `step/claim` of every claim there is. */
	readonly claims: readonly string[];
	readonly entries: ReadonlyMap<string, Entry>;
};

const over = ({server, world: {admin}, journal}: Finished) => ({server, login: admin, journal});

const isGreen = (t: ExecutionContext, told: Told, when: string): void => {
	t.deepEqual([told.exitCode, told.red, told.unknown], [0, [], []], `${when}:\n${explain(told)}`);
};

/** Called where a droplet can be looked at: fresh, finished, and after each sabotage. */
export type Stage = (stage: string, server: Server) => Promise<void>;

/** Fresh: nothing holds yet, and check says so. Then everything is applied, once and once more. */
export const finish = async (t: ExecutionContext, world: World, stage?: Stage): Promise<Finished> => {
	const first = await world.open(world.root);
	await stage?.('fresh', first);
	await first.close();
	const fresh = await go(world, 'check');
	t.is(fresh.exitCode, 1);
	t.true(fresh.red.includes('admin-user/user') && fresh.red.includes('firewall/on'), explain(fresh));

	const journal = unsavedRecord();
	isGreen(t, await go(world, 'apply', {journal}), 'apply on a fresh droplet');

	const server = await world.open(world.admin);
	t.teardown(async () => server.close());
	const again = await go(world, 'apply', {server, login: world.admin, journal});
	t.deepEqual(again.did, [], 'a second apply makes no action');
	isGreen(t, again, 'a second apply');

	const check = await go(world, 'check', {server, login: world.admin, journal});
	isGreen(t, check, 'check on a finished droplet');
	t.true([1, 2].includes(check.looks), `${check.looks} looks`);
	await stage?.('finished', server);
	return {
		world, server, journal, looks: check.looks, claims: [...check.verdicts.keys()].toSorted(), entries: await world.entries(),
	};
};

/** What differs between two states of the files, in words. */
const differences = (before: ReadonlyMap<string, Entry>, after: ReadonlyMap<string, Entry>): readonly string[] =>
	[...new Set([...before.keys(), ...after.keys()])].toSorted().flatMap(path => {
		const [was, is] = [before.get(path), after.get(path)];
		return was?.is === is?.is && was?.content === is?.content ? [] : [`${path}: ${JSON.stringify(was ?? 'absent')} → ${JSON.stringify(is ?? 'absent')}`];
	});

/** Puts back the files that a mend had to leave a trace in, and lets whoever reads them read them. */
const tidies = async ({world, entries}: Finished, {leaves, tidied}: Sabotage): Promise<void> => {
	for (const {path} of leaves ?? []) {
		const was = entries.get(path)?.content;
		await (was === undefined ? world.do(['rm', '-f', path]) : world.write(path, was));
	}

	await tidied?.(world);
};

const comparesFiles = (t: ExecutionContext, {entries}: Finished, {what, leaves}: Sabotage, after: ReadonlyMap<string, Entry>): void => {
	const expected = new Map(entries);
	for (const {path, as} of leaves ?? []) {
		const was = entries.get(path);
		expected.set(path, {is: was?.is ?? after.get(path)?.is ?? '', content: as(was?.content ?? '')});
	}

	t.deepEqual(differences(expected, after), [], `${what}: files after mending`);
};

/** Makes something false, checks that check names exactly that, lets apply mend it, and checks that nothing else was touched. Returns the claims it made red. */
export const suffer = async (t: ExecutionContext, finished: Finished, sabotage: Sabotage, stage?: Stage): Promise<readonly string[]> => {
	const {world} = finished;
	const {what, red, unknown = [], mends, does} = sabotage;
	await does(world);
	await stage?.(what, finished.server);
	// What was rehearsed is stale after each sabotage, and is no part of it.
	const all = {...over(finished), only: await unrehearsed()};
	const bad = await go(world, 'check', all);
	// All is done before anything is judged: a droplet that is not mended would fail what comes after.
	const mended = await go(world, 'apply', all);
	const good = await go(world, 'check', all);
	const after = await world.entries();
	await tidies(finished, sabotage);
	t.is(bad.exitCode, 1, `${what}: check`);
	t.deepEqual(bad.red.toSorted(), red.toSorted(), `${what}: what is red\n${explain(bad)}`);
	t.deepEqual(bad.unknown, unknown, `${what}: what is unknown`);
	for (const id of bad.red) {
		const claim = bad.verdicts.get(id)!;
		t.true('holds' in claim && claim.expected !== claim.actual && claim.actual !== '', `${what}: ${id} says ${JSON.stringify(claim)}`);
	}

	t.deepEqual(mended.did, mends, `${what}: what apply did\n${explain(mended)}`);
	isGreen(t, mended, `${what}: apply`);
	isGreen(t, good, `${what}: check after mending`);
	comparesFiles(t, finished, sabotage, after);
	return bad.red;
};

/** What somebody wants run at each start, and what it undoes. */
const atStart = {path: '/etc/rc.local', content: '#!/bin/sh\nufw disable\n'};
const rehearsal = 'reboot-rehearsal';

/** Something that holds until the next start and no longer: a rehearsal names it, what it lost is mended at once, and it is green only when it was gone through again. Returns the claim it made red. */
export const losesAtStart = async (t: ExecutionContext, finished: Finished, startSeconds: number): Promise<string> => {
	const {world} = finished;
	const id = `${rehearsal}/outlasts`;
	await world.write(atStart.path, atStart.content, 0o755);
	// By now it is stale, and not done again unasked.
	const unasked = await go(world, 'apply', over(finished));
	t.deepEqual([unasked.exitCode, unasked.did, unasked.red, unasked.unknown], [0, [], [], [id]], explain(unasked));
	const all = {...over(finished), repeats: true, startSeconds};
	const lost = await go(world, 'apply', all);
	await world.do(['rm', '-f', atStart.path]);
	const again = await go(world, 'apply', all);
	t.deepEqual([lost.exitCode, lost.red], [1, [id]], explain(lost));
	const claim = lost.verdicts.get(id)!;
	t.regex('actual' in claim ? claim.actual : '', /"Close every door but three": the firewall is on \(/, JSON.stringify(claim));
	t.deepEqual(lost.did, ['reboot', 'ufw --force enable'], explain(lost));
	t.deepEqual(again.did, ['reboot'], explain(again));
	isGreen(t, again, 'gone through again');
	t.deepEqual(differences(finished.entries, await world.entries()), []);
	return id;
};

/** A failed assertion as AVA would have shown it. */
const said = ({message, formattedDetails}: AssertionError): string =>
	[message, ...(formattedDetails as ReadonlyArray<{label: string; formatted: string}> | undefined ?? []).map(({label, formatted}) => `${label} ${formatted}`)].join('\n');

/** Every sabotage in turn. Prints how many of the claims there are were made red, and fails unless it is all of them. One that fails does not hide the others. */
export const sufferAll = async (t: ExecutionContext, finished: Finished, {stage, startSeconds}: {readonly stage?: Stage; /** How long what starts with the droplet is given. */ readonly startSeconds: number}): Promise<void> => {
	const reddened = new Set<string>();
	const failed: string[] = [];
	for (const sabotage of sabotagesFor(finished.world)) {
		const begin = performance.now();
		const attempt = await t.try(`${finished.world.name}: ${sabotage.what}`, async tt => {
			for (const id of await suffer(tt, finished, sabotage, stage)) {
				reddened.add(id);
			}
		});
		t.log(`${((performance.now() - begin) / 1000).toFixed(1)} s  ${sabotage.what}`);
		if (attempt.passed) {
			attempt.commit();
		} else {
			attempt.discard();
			failed.push(sabotage.what);
			t.log(...attempt.errors.map(error => said(error)));
		}
	}

	await t.notThrowsAsync(async () => {
		reddened.add(await losesAtStart(t, finished, startSeconds));
	});
	t.log(`claims reddened / claims there are: ${reddened.size} / ${finished.claims.length}`);
	t.deepEqual(failed, []);
	t.deepEqual([...reddened].toSorted(), finished.claims);
};
