/** Where the server of the pictures stands: an address for documentation (RFC 5737). */
export const serverAddress = '203.0.113.7';
