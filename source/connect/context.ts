import type {Listener} from '../engine/events.js';
import type {KnownHosts} from '../record/known-hosts.js';
import type {Redactor} from '../record/redact.js';
import type {Secret} from '../step.js';
import type {Answered} from '../ui/going-back.js';
import type {Questions} from '../ui/questions.js';
import type {Secrets} from './read-secrets.js';

/** What the command line says about how to get in. Files are paths; `-` is standard input. */
export type ConnectOptions = {
	readonly identity?: string;
	readonly passwordFile?: string;
	readonly sudoPasswordFile?: string;
	readonly passphraseFile?: string;
	/** `SHA256:…` */
	readonly hostKey?: string;
};

/** What connecting needs of the program around it. */
export type ConnectContext = {
	readonly options: ConnectOptions;
	readonly stateDir: string;
	readonly redactor: Redactor;
	readonly knownHosts: KnownHosts;
	readonly secrets: Secrets;
	/** Passphrases that opened a key file since the start: asked for once. */
	readonly passphrases: Map<string, Secret>;
	/** Hears how it goes. */
	readonly listener: Listener;
	/** Undefined where nobody can be asked. */
	readonly questions: Questions | undefined;
};

/** How one connection is made. */
export type ConnectingOptions = {
	/** What is seen on the way is kept for a run that only looks. */
	readonly looking?: boolean;
	/** Called when the server has been greeted and takes its time to answer. */
	readonly greeted?: () => void;
	/** What was answered on the way to a server before. */
	readonly answered?: Answered;
};
