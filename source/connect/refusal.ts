import type {Event} from '../engine/events.js';
import type {ConnectError} from '../server/connect-error.js';

/** An attempt that did not lead in, as an event. */
export const refusalOf = ({message: what, tries}: Pick<ConnectError, 'message' | 'tries'>, why?: string): Event => ({event: 'refused', trouble: {what, ...(why !== undefined && {why}), tries}});
