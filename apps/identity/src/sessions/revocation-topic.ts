/** The signal that sessions or personal tokens were ended; who hears it reads which. */
export const revocationTopic = 'identity.revocations';
