import type {Session} from './session.js';

/** Sees to it that the rescue card lies on the person's own disk before anything that could shut them out, and says where. */
export const ensureRescueCard = async (session: Session): Promise<void> => {
	const {rescue} = session.run;
	if (!rescue || session.card !== undefined) {
		return;
	}

	session.card = await rescue(session.info);
	await session.emit({event: 'note', says: `In case you are ever locked out, this file on your own computer says how to get back in: ${session.card}`});
};
