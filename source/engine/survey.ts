/** The first look at a server: what it is, and how everything stands. */
import type {Found} from '../step.js';
import {asksAlike, groundLookup, groundOf} from './ground.js';
import {ask, read, type AllFacts} from './look.js';
import {during, Session, type Run} from './session.js';

/** Learns the ground and looks at everything: two round trips where the ground is as it was last time, three where it is new. */
export const survey = async (run: Run): Promise<{session: Session; facts: AllFacts}> => {
	const {server, steps} = run;
	const guess = run.journal.known()?.ground;
	const guessed = guess && new Session(run, {...guess, me: server.me});
	const ahead = guessed ? steps.map(step => step.look(guessed.contextOf(step))) : [];
	const readings = await during(run.hear, 'asking what kind of server this is', ask(server, [groundLookup, ...ahead]));
	const ground = groundOf(read(groundLookup, readings) as Found<typeof groundLookup>, server.me);
	const session = new Session(run, ground);
	session.looks = 1;
	await session.emit({
		event: 'connected', server: run.serverName, practice: server.practice, ground, hostKeys: server.hostKeys,
	});
	const fits = guess && asksAlike({...guess, me: server.me}, ground);
	return {session, facts: await session.look(steps, fits ? readings : undefined)};
};
