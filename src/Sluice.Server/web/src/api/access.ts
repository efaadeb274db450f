// Sessions of browsers (docs/access.md). Without access control there is nothing to sign out of.

/** Whether this server knows sessions; one without access control answers 204. */
export async function hasSessions(): Promise<boolean> {
  const response = await fetch('login').catch(() => null);
  return response?.status === 200;
}

/** Ends the session and shows the sign-in page. */
export async function signOut(): Promise<void> {
  await fetch('logout', { method: 'POST', redirect: 'manual' }).catch(() => null);
  location.assign('login');
}
