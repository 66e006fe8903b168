/** The first look at a server: what it is, and how everything stands. */
import type {Found, Lookup} from '../step.js';
import {asksAlike, groundLookup, groundOf} from './ground.js';
import {ask, read, type AllFacts} from './look.js';
import {during, Session, type Run} from './session.js';

type Readings = Awaited<ReturnType<typeof ask>>;

/** Learns the ground. Where it is guessed from last time, the steps' questions go along, and their answers come back as `readings` if the guess was right. */
export const meet = async (run: Run, guessing: boolean): Promise<{session: Session; readings: Readings | undefined}> => {
	const {server, steps} = run;
	const guess = guessing ? run.journal.known()?.ground : undefined;
	const guessed = guess && new Session(run, {...guess, me: server.me});
	const ahead = guessed ? steps.map(step => step.look(guessed.contextOf(step)) as Lookup) : [];
	const readings = await during(run.hear, 'asking what kind of server this is', ask(server, [groundLookup, ...ahead]));
	const ground = groundOf(read(groundLookup, readings) as Found<typeof groundLookup>, server.me);
	const session = new Session(run, ground);
	session.looks = 1;
	await session.emit({
		event: 'connected', server: run.serverName, practice: server.practice, ground, hostKeys: server.hostKeys,
	});
	const fits = guess && asksAlike({...guess, me: server.me}, ground);
	return {session, readings: fits ? readings : undefined};
};

/** Looks at everything without touching it: two round trips where the ground is as it was last time, three where it is new. */
export const survey = async (run: Run): Promise<{session: Session; facts: AllFacts}> => {
	const {session, readings} = await meet(run, true);
	return {session, facts: await session.look(run.steps, readings)};
};
