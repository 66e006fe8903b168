import test from 'ava';
import step from '../../steps/10-system-updates.js';
import type {Lists, Upgrades} from '../../source/facts/apt.js';
import {contextOn, everySystem, fileWith} from './server-infos.js';

const settled = {
	lists: {read: 'today'} as Lists,
	found: {waiting: [], keptBack: []} as Upgrades,
	half: [] as readonly string[],
	required: fileWith('/run/reboot-required', undefined),
	requiredBy: fileWith('/run/reboot-required.pkgs', undefined),
	kernels: [] as readonly string[],
	began: fileWith('/run/cloud-init/status.json', '{}'),
	ended: fileWith('/run/cloud-init/result.json', '{}'),
};
const waiting = [{name: 'openssl', security: true}, {name: 'tzdata', security: false}];
const asked = {required: fileWith('/run/reboot-required', '*** System restart required ***\n'), requiredBy: fileWith('/run/reboot-required.pkgs', 'libc6\nlibc6\n')};

/** What differs from a settled server; what is done about it; the claims that do not hold, with what was found; those that are unknown. */
const cases: ReadonlyArray<readonly [what: string, changes: Partial<typeof settled>, does: ReadonlyArray<readonly [string, RegExp]>, red: Readonly<Record<string, string>>, unknown: readonly string[]]> = [
	['a settled server', {}, [], {}, []],
	['lists that were never read', {lists: {read: 'never'}}, [['upgrade', /reads the lists of packages anew and notes down that it did \(nothing says that they ever were\); installs what is newer$/]], {}, ['upgraded']],
	['old lists', {lists: {read: 'before', on: '2026-11-22'}}, [['upgrade', /the last time was 2026-11-22/]], {}, ['upgraded']],
	['newer versions', {found: {waiting, keptBack: []}}, [['upgrade', /^installs newer versions of 2 packages \(1 security update\)$/]], {upgraded: '2 packages (1 security update): openssl, tzdata'}, []],
	['newer versions by old lists', {lists: {read: 'before', on: '2026-11-22'}, found: {waiting, keptBack: []}}, [['upgrade', /anew .*installs newer versions of 2/]], {upgraded: '2 packages (1 security update): openssl, tzdata'}, []],
	['what apt keeps back is no newer version', {found: {waiting: [], keptBack: ['held']}}, [], {}, []],
	['an apt that cannot say', {found: {unknown: 'apt cannot say'}}, [['upgrade', /^lets apt mend itself and try$/]], {}, ['upgraded']],
	['a package half installed', {half: ['mysql-server']}, [['upgrade', /^ends what was half installed: mysql-server$/]], {'half-installed': 'mysql-server'}, []],
	['a first boot that goes on', {ended: fileWith('/run/cloud-init/result.json', undefined)}, [['upgrade', /^waits until the first boot is over$/]], {'first-boot': 'cloud-init is still at work'}, []],
	['a restart that the system asks for', asked, [['reboot', /the system asks for it: libc6\. It is away/]], {restart: 'the system asks for it: libc6'}, []],
	['a new kernel', {kernels: ['vmlinuz-6.12.57']}, [['reboot', /the kernel 6\.12\.57 was installed after the last start/]], {restart: 'the kernel 6.12.57 was installed after the last start'}, []],
	['both', {...asked, found: {waiting, keptBack: []}}, [['upgrade', /./], ['reboot', /./]], {upgraded: '2 packages (1 security update): openssl, tzdata', restart: 'the system asks for it: libc6'}, []],
];

for (const system of everySystem) {
	const c = contextOn(system, {});
	for (const [what, changes, does, red, unknown] of cases) {
		test(`${system.name}: ${what}`, t => {
			const facts = {...settled, ...changes};
			const plan = step.plan(facts, c);
			t.deepEqual(plan.map(action => action.do), does.map(([kind]) => kind));
			for (const [index, [, because]] of does.entries()) {
				t.regex(plan[index]!.because, because);
			}

			const claims = step.verify(facts, c);
			t.deepEqual(Object.fromEntries(claims.flatMap(claim => ('holds' in claim && !claim.holds ? [[claim.id, claim.actual]] : []))), red);
			t.deepEqual(claims.flatMap(claim => ('unknown' in claim ? [claim.id] : [])), unknown);
		});
	}
}

test('what apt keeps back is named, for it stays as it is', t => {
	const [claim] = step.verify({...settled, found: {waiting: [], keptBack: ['held']}}, contextOn(everySystem[0]!, {})).filter(({id}) => id === 'upgraded');
	t.is(claim!.says, 'every package is at its newest version, except what apt keeps back: held');
});
