import test from 'ava';
import {halfInstalled, packageLists, upgrades} from '../../source/facts/apt.js';
import {newKernels, restartReasons} from '../../source/facts/boot.js';
import {Unreadable} from '../../source/facts/files.js';
import type {Reading} from '../../source/step.js';
import {fileWith} from '../steps/server-infos.js';

const ran = (out: string, code = 0, err = ''): Reading => ({
	outcome: 'ran', code, out, err,
});
const lists = 'fresh mirror.example_debian_dists_trixie_main_binary-amd64_Packages\n';

for (const [says, out, expected] of [
	['a fresh stamp and lists', `${lists}fresh update-success-stamp\n`, {read: 'today'}],
	['an old stamp and fresh lists', `${lists}2026-11-22 update-success-stamp\n`, {read: 'before', on: '2026-11-22'}],
	['two old stamps', `${lists}2026-11-20 update-stamp\n2026-11-22 update-success-stamp\n`, {read: 'before', on: '2026-11-22'}],
	['lists without a stamp', lists, {read: 'never'}],
	['a stamp without lists', 'fresh update-success-stamp\n', {read: 'never'}],
	['nothing', '', {read: 'never'}],
] as const) {
	test(`lists of packages: ${says}`, t => {
		t.deepEqual(packageLists.parse(ran(out)), expected);
	});
}

const simulated = `Reading package lists...
Building dependency tree...
Reading state information...
Calculating upgrade...
The following packages have been kept back:
  held
The following packages will be upgraded:
  tiny zlib1g
2 upgraded, 0 newly installed, 0 to remove and 1 not upgraded.
Inst tiny [1.0] (1.1 Own:stable-security [all])
Inst zlib1g [1.0] (1.1 Debian:13/stable [amd64])
Conf tiny (1.1 Own:stable-security [all])
Conf zlib1g (1.1 Debian:13/stable [amd64])
`;

test('upgrades: what waits, which of it is security, what is kept back', t => {
	t.deepEqual(upgrades.parse(ran(simulated)), {waiting: [{name: 'tiny', security: true}, {name: 'zlib1g', security: false}], keptBack: ['held']});
	t.deepEqual(upgrades.parse(ran('0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n')), {waiting: [], keptBack: []});
});

test('upgrades: what apt cannot say is unknown, never nothing', t => {
	t.deepEqual(upgrades.parse(ran('', 100, 'W: a warning\nE: Unmet dependencies.\n')), {unknown: 'apt cannot say what there is to upgrade: Unmet dependencies.'});
	t.true('unknown' in (upgrades.parse({...ran(''), outcome: 'timed-out'}) as object));
});

const audit = `The following packages are only half configured, probably due to problems
configuring them the first time.  The configuration should be retried using
dpkg --configure <package> or the configure menu option in dselect:
 adduser              add and remove users and groups

The following packages are missing the md5sums control file in the
database, they need to be reinstalled:
 base-files           Debian base system miscellaneous files

`;

test('half installed: named, and a missing list of checksums is none', t => {
	t.deepEqual(halfInstalled.parse(ran(audit)), ['adduser']);
	t.deepEqual(halfInstalled.parse(ran('')), []);
});

test('half installed: a dpkg that cannot read its database is no good news', t => {
	t.throws(() => halfInstalled.parse(ran('', 2, 'dpkg: error: parsing file \'/var/lib/dpkg/status\'')), {instanceOf: Unreadable});
});

test('kernels: a folder that cannot be read is no good news, one that is missing holds none', t => {
	t.throws(() => newKernels.parse(ran('', 1, 'find: ‘/boot’: Permission denied')), {instanceOf: Unreadable});
	t.deepEqual(newKernels.parse(ran('', 1, 'find: ‘/boot’: No such file or directory')), []);
});

test('kernels newer than the start are reasons for a restart, as is the system\'s own wish', t => {
	const none = fileWith('/run/reboot-required', undefined);
	t.deepEqual(newKernels.parse(ran('vmlinuz-6.12.9\nvmlinuz-6.12.10\n')), ['vmlinuz-6.12.10', 'vmlinuz-6.12.9']);
	t.deepEqual(restartReasons(none, none, []), []);
	t.deepEqual(restartReasons(none, none, ['vmlinuz-6.12.10']), ['the kernel 6.12.10 was installed after the last start']);
	t.deepEqual(restartReasons({...none, content: ''}, fileWith('/run/reboot-required.pkgs', 'linux\nlibc6\nlinux\n'), []), ['the system asks for it: linux, libc6']);
});
