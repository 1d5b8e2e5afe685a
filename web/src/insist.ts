// What one cannot do without: try until it comes.

const FIRST = 500;
const MOST = 20_000;

export async function insist<Result>(load: () => Promise<Result>): Promise<Result> {
  for (let wait = FIRST; ; wait = Math.min(wait * 2, MOST)) {
    try {
      return await load();
    } catch {
      await new Promise((resume) => setTimeout(resume, wait));
    }
  }
}
