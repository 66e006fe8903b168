/** The first look at a server: what it is, and how everything stands. */
import type {Found} from '../step.js';
import {asksAlike, serverInfoLookup, serverInfoOf} from './server-info.js';
import {
	ask, firstLookups, read, type AllFacts,
} from './look.js';
import {during, Session, type Run} from './session.js';

type Readings = Awaited<ReturnType<typeof ask>>;

/** Learns the server info. Where it is guessed from last time, the steps' questions go along, and their answers come back as `readings` if the guess was right. */
export const meet = async (run: Run, guessing: boolean): Promise<{session: Session; readings: Readings | undefined}> => {
	const {server} = run;
	const guess = guessing ? run.journal.known()?.info : undefined;
	const guessed = guess && new Session(run, {...guess, me: server.me}, run);
	const ahead = guessed ? guessed.steps.flatMap(step => firstLookups(step, guessed.contextOf(step))) : [];
	const readings = await during(run.listener, 'asking what kind of server this is', ask(server, [serverInfoLookup, ...ahead]));
	const info = serverInfoOf(read(serverInfoLookup, readings) as Found<typeof serverInfoLookup>, server.me);
	const session = new Session(run, info, run);
	session.looks = 1;
	await session.emit({
		event: 'connected', server: run.serverName, practice: server.practice, info, hostKeys: server.hostKeys,
	});
	const fits = guess && asksAlike({...guess, me: server.me}, info);
	return {session, readings: fits ? readings : undefined};
};

/** Throws `Refused` or `Unreadable` where the server is none that dropwise can set up. */
export const recogniseServer = async (server: Run['server']): Promise<void> => {
	serverInfoOf(read(serverInfoLookup, await ask(server, [serverInfoLookup])) as Found<typeof serverInfoLookup>, server.me);
};

/** Looks at everything without touching it: one round trip or two where the server info is as it was last time, one more where it is new. */
export const survey = async (run: Run): Promise<{session: Session; facts: AllFacts}> => {
	const {session, readings} = await meet(run, true);
	return {session, facts: await session.look(session.steps, readings)};
};
