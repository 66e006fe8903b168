/** An address where no server is: told, and asked again, with what was answered kept. */
import {createServer} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {listen} from '../server/ssh-server.js';
import {
	acceptKey, address, begin, ends, givePassword, gotIn, hostKey, password, strangeServer, toAddress, toPassword, user, way,
} from './connect.js';
import {answer, begin as beginPlain, choose} from './plain.js';
import {
	ctrlC, enter, escape, killLine, type Journey,
} from './terminal.js';

const literally = (text: string): string => text.replaceAll('.', String.raw`\.`);

/** Where nobody listens: one that was free a moment ago may be somebody's by now. */
const closedPort = 1;

/** A server of something that is not SSH. */
const otherServer = async (t: ExecutionContext, greeting: string | undefined): Promise<number> => listen(t, createServer(socket => {
	socket.on('error', () => undefined);
	if (greeting !== undefined) {
		socket.end(greeting);
	}
}));

const askedAgain = (says: string, place: string): RegExp => new RegExp(String.raw`✖ ${says}[\s\S]*What is your server's address\?\n[\s\S]*❯ +enter takes ${literally(place)}`);

/** To the question for the password, as another user than the usual one. */
const asGrace = async (journey: Journey, place: string): Promise<void> => {
	await journey.sees(address);
	journey.press(`${place}${enter}`);
	await journey.sees(user);
	journey.press(`grace${enter}`);
	await journey.sees(way);
	journey.press(enter);
	await journey.sees(password);
};

const nowhere: ReadonlyArray<readonly [what: string, at: (t: ExecutionContext) => Promise<string>, says: (place: string) => string]> = [
	['where nothing listens', async () => `127.0.0.1:${closedPort}`, place => String.raw`${literally(place).replace(':', ', port ')} refuses connections: nothing listens there, or it turns\s+you\s+away\.\s+Nothing\s+was\s+sent\.[\s\S]*See whether ${place.split(':')[1]!} is SSH's port; leave it off for the usual one, 22\.[\s\S]*wait a minute\.[\s\S]*wait ten minutes\.`],
	['where something else answers', async t => `127.0.0.1:${await otherServer(t, 'HTTP/1.1 400 \u001B[31mBad Request\r\n\r\n')}`, place => String.raw`What answers at ${literally(place).replace(':', ', port ')} is no SSH server; it says: HTTP/1\.1\s+400[\s\S]*Give SSH's port as host:port\.`],
	['where somebody takes the connection and says nothing', async t => `127.0.0.1:${await otherServer(t, undefined)}`, place => String.raw`${literally(place).replace(':', ', port ')} takes the connection and then says\s+nothing\.[\s\S]*restart the server from the\s+provider's console\.`],
];

for (const [what, at, says] of nowhere) {
	test.serial(`an address ${what}: told, asked again with all that was typed, and left by Esc`, async t => {
		const place = await at(t);
		const again = askedAgain(says(place), place);
		const {journey} = await begin(t);
		await toAddress(journey);
		await asGrace(journey, place);
		await givePassword(journey, 'right', again);
		journey.press(enter);
		await journey.sees(/As which user can you log in today\?\n[\s\S]*❯ +enter takes grace/);
		journey.press(escape);
		await journey.sees(again);
		journey.press(escape);
		await journey.sees(/❯ Set up my own server/);
		journey.press(ctrlC);
		const text = await ends(t, journey, 130);
		t.regex(text, /Stopped\. Nothing was running on the server\.$/);
		t.false(journey.raw().includes('\u001B[31mBad'), 'what a server says never rules the terminal');
	});
}

test.serial('a name that leads nowhere is told before anything else is asked', async t => {
	const {journey} = await begin(t);
	await toAddress(journey);
	await journey.sees(address);
	journey.press(`nowhere.invalid${enter}`);
	await journey.sees(/! The name nowhere\.invalid leads nowhere: no address was found for it\.\s+Look\s+for\s+a\s+typing mistake/);
	t.notRegex(journey.text(), user);
	journey.press(`${killLine}mine.invalid`);
	t.notRegex(await journey.sees(/❯ mine\.invalid/), /leads nowhere/);
	journey.press(ctrlC);
	await ends(t, journey, 130);
});

test.serial('the right address after a wrong one leads in', async t => {
	const place = `127.0.0.1:${closedPort}`;
	const {port, attempts} = await strangeServer(t, {password: 'right'});
	const {journey} = await begin(t);
	await toAddress(journey);
	await asGrace(journey, place);
	await givePassword(journey, 'right', askedAgain('', place));
	journey.press(`127.0.0.1:${port}${enter}`);
	await journey.sees(/❯ +enter takes grace/);
	journey.press(enter);
	await journey.sees(way);
	journey.press(enter);
	await givePassword(journey, 'right', hostKey);
	await acceptKey(journey);
	t.regex(await ends(t, journey, 1), gotIn);
	t.deepEqual(attempts, ['none', 'password']);
});

test.serial('Ctrl-C where an address is asked again leaves; whoever named it in the command is told, and it ends', async t => {
	const place = `127.0.0.1:${closedPort}`;
	const {journey} = await begin(t);
	await toAddress(journey);
	await toPassword(journey, place);
	await givePassword(journey, 'right', askedAgain('', place));
	journey.press(`203${killLine}${ctrlC}`);
	t.regex(await ends(t, journey, 130), /refuses connections[\s\S]*Stopped\. Nothing was running on the server\.$/);

	const {journey: named} = await begin(t, [`root@${place}`]);
	await named.sees(way);
	named.press(enter);
	await givePassword(named, 'right', /refuses/);
	t.regex(await ends(t, named, 3), /refuses connections: nothing listens there, or it turns\s+you\s+away\.[\s\S]*wait ten minutes\.$/);
});

test.serial('in lines as well', async t => {
	const place = `127.0.0.1:${closedPort}`;
	const {journey} = await beginPlain();
	t.teardown(() => {
		journey.signal('SIGKILL');
	});
	await choose(journey, 'Set up my own server');
	await answer(journey, /What is your server's address\?/, place);
	await answer(journey, /As which user/, 'grace');
	await choose(journey, 'With a password');
	await journey.until(/Password of grace/);
	journey.press(`right${enter}`);
	await journey.until(new RegExp(String.raw`refuses connections[\s\S]*What is your server's address\?[\s\S]*Enter alone is ${literally(place)}:$`));
	journey.press(enter);
	await journey.until(/As which user[\s\S]*Enter alone is grace:$/);
	journey.press(ctrlC);
	t.is((await journey.ended()).code, 130);
});

test.serial('a server that takes the connection and says nothing: the clock goes, and Ctrl-C leaves at once', async t => {
	const silent = await otherServer(t, undefined);
	const {journey} = await begin(t);
	await toAddress(journey);
	await toPassword(journey, `127.0.0.1:${silent}`);
	await givePassword(journey, 'right', new RegExp(String.raw`connecting to 127\.0\.0\.1:${silent} as root +\d s[\s\S]*ctrl-c stop`));
	journey.resize(60, 16);
	await journey.sees(/connecting to/);
	const pressed = performance.now();
	journey.press(ctrlC);
	t.regex(await ends(t, journey, 130), /Stopped\. Nothing was running on the server\.$/);
	t.true(performance.now() - pressed < 2000);
});
