const dots = '••••••';
/** Shorter ones would turn every other word into dots; nobody can grep for them in any meaningful way either. */
const shortest = 4;

/**
The last net below the `Secret` type: texts known to be secret are replaced by dots in everything that goes to disk or screen.
*/
export class Redactor {
	readonly #secrets = new Set<string>();

	/** Remembers a secret, with the spellings it takes in JSON and in a URL. */
	add(secret: string): void {
		for (const spelling of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) {
			if (spelling.length >= shortest) {
				this.#secrets.add(spelling);
			}
		}
	}

	text(text: string): string {
		let clean = text;
		// Longest first: one secret may contain another.
		for (const secret of [...this.#secrets].toSorted((a, b) => b.length - a.length)) {
			clean = clean.replaceAll(secret, dots);
		}

		return clean;
	}

	/** The same value with every string in it cleaned. */
	value<T>(value: T): T {
		if (this.#secrets.size === 0) {
			return value;
		}

		if (typeof value === 'string') {
			return this.text(value) as T;
		}

		if (Array.isArray(value)) {
			return value.map(item => this.value(item as unknown)) as T;
		}

		return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype ? (Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.value(item as unknown)])) as T) : value;
	}
}
