/** The list of keys that open a user's door. */
import type {FileFact, KeyInHand} from '../step.js';
import type {Account} from './accounts.js';

export const keyList = (home: string): string => `${home}/.ssh/authorized_keys`;

export const holdsKey = (list: FileFact, {publicKey}: KeyInHand): boolean =>
	(list.content ?? '').split('\n').some(line => !line.trimStart().startsWith('#') && line.includes(publicKey));

/** Why a log-in with the key cannot succeed, so that it is not even tried: of some that fail, programs such as fail2ban shut the door on us. */
export const notTried = (name: string, user: Account | undefined, list: FileFact, key: KeyInHand | undefined): string | undefined => {
	if (!user) {
		return `not tried: there is no user ${name}`;
	}

	return key && !holdsKey(list, key) ? `not tried: your key is not on ${name}'s list` : undefined;
};
