/** The whole of what `npm test` tries a slice of: the program killed at every single moment, on the practice droplet. Minutes. */
import process from 'node:process';

process.env.DROPWISE_EVERY_MOMENT = '1';
await import('../engine/resume.test.js');
