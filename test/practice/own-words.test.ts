import test from 'ava';
import {entryOf} from '../../source/practice/file-tree.js';
import type {Level} from '../../source/practice/state.js';
import {scene} from './scene.js';

/** Files that packages bring have authors and licences: what stands in them here is ours, and says so. */
for (const level of ['ubuntu-14.04', 'debian-13'] satisfies Level[]) {
	test(`${level}: not a word about a setting is anybody else's`, async t => {
		const here = await scene(level);
		await here.run('apt-get', '-y', 'install', 'ufw');
		const files = here.console.touch(({droplet}) => Object.keys(droplet.files).flatMap(path => {
			const entry = entryOf(droplet, path);
			return entry?.type === 'file' && typeof entry.content === 'string' ? [[path, entry.content] as const] : [];
		}));
		t.true(files.length > 30, String(files.length));
		for (const [path, content] of files) {
			t.notRegex(content, /copyright|licen[cs]e|canonical|see the man|manpage/i, path);
			// ufw's own marks and sudo's way to include a folder are read by them.
			const words = content.split('\n').filter(line => line.startsWith('#') && !/^#(?:!|## |includedir )/.test(line) && !line.includes('(practice)') && !line.includes('dropwise'));
			t.deepEqual(words, [], path);
		}
	});
}
