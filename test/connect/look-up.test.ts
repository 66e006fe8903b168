import test from 'ava';
import {leadsNowhere} from '../../source/connect/look-up.js';
import {parseTarget} from '../../source/connect/target.js';
import {askInLines} from '../../source/ui/questions.js';
import {askAddress} from '../../source/ui/connect-questions.js';
import {plainTheme} from '../../source/ui/theme.js';

test('an address needs no looking up, and practice has none', async t => {
	t.is(await leadsNowhere(parseTarget('127.0.0.1')), undefined);
	t.is(await leadsNowhere(parseTarget('root@[::1]:2222')), undefined);
	t.is(await leadsNowhere(parseTarget('localhost')), undefined);
	t.is(await leadsNowhere(parseTarget('practice')), undefined);
});

test('what leads nowhere is asked for again, before anything else is', async t => {
	const lines = ['blah', 'blog.example'];
	const said: string[] = [];
	const questions = askInLines({
		line: async () => lines.shift(),
		cancel: () => undefined,
		close: () => undefined,
	}, line => said.push(line), plainTheme);
	const address = await askAddress(questions, () => undefined, async text => text === 'blah' ? 'The name blah leads nowhere.' : undefined);
	t.is(address, 'blog.example');
	t.is(said.filter(line => line.includes('leads nowhere')).length, 1);
});
