/** Which emulator is at AWS_ENDPOINT_URL: tests leave out what only one of them does otherwise than AWS. */

export async function isMiniStack(): Promise<boolean> {
  const endpoint = process.env.AWS_ENDPOINT_URL ?? '';
  const answer = await fetch(new URL('/_ministack/health', endpoint));
  return answer.ok;
}
