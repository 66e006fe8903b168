import test from 'ava';
import type {Dialled, Outside} from '../../source/step.js';
import {judgePort, see} from '../../source/witness/ports.js';

for (const [dialled, control, expected] of [
	['open', 'open', {port: 'open'}],
	['refused', 'silent', {port: 'closed'}],
	['silent', 'open', {port: 'closed'}],
	['silent', 'refused', {port: 'closed'}],
	['silent', 'silent', {unknown: 'nothing at all answers over IPv6 from here'}],
	['silent', 'unreachable', {unknown: 'nothing at all answers over IPv6 from here'}],
	['unreachable', 'open', {unknown: 'there is no way over IPv6 from here to this server'}],
] as ReadonlyArray<readonly [Dialled, Dialled, unknown]>) {
	test(`${dialled} while the control port is ${control}`, t => {
		t.deepEqual(judgePort(dialled, [control], 'v6'), expected as never);
	});
}

test('an address that is not known is unknown, and nothing is dialled', async t => {
	const outside = {addresses: {v4: '203.0.113.7', v6: undefined}, tcp: async () => t.fail()} as unknown as Outside;
	t.true('unknown' in await see(outside, 'v6', 8080, 22));
});
