/** The whole of what `npm test` tries slices of (`test/slice.ts`). Needs no droplet, only minutes. */
import process from 'node:process';

process.env.DROPWISE_EVERY_MOMENT = '1';
for (const file of ['engine/resume', 'server/revert', 'server/sound-pairs', 'journeys/leaving', 'journeys/keys']) {
	await import(`../${file}.test.js`);
}
