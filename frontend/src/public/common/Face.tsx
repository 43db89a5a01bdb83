const strokes: Record<number, readonly string[]> = {
  5: [
    "M13.5 27c2.3 5 6 7.5 10.5 7.5S32.2 32 34.5 27z",
    "M15 19.5c.8-1.6 3.7-1.6 4.5 0M28.5 19.5c.8-1.6 3.7-1.6 4.5 0",
  ],
  4: ["M15.5 28.5c2 3.2 4.9 4.8 8.5 4.8s6.5-1.6 8.5-4.8", "M17.5 18.5v1.5M30.5 18.5v1.5"],
  3: ["M16 30.5c5 1.2 11 1.2 16 0", "M17.5 18.5v1.5M30.5 18.5v1.5"],
  2: ["M16 32.5c2-2.4 4.7-3.5 8-3.5s6 1.1 8 3.5", "M17.5 19v1.5M30.5 19v1.5"],
  1: ["M15 34c1.8-4 4.9-6 9-6s7.2 2 9 6", "m14.8 16.5 4.7 2.2M33.2 16.5l-4.7 2.2M17.5 21v1.3M30.5 21v1.3"],
};

/**
 * One of the five answers, drawn: emoji differ from phone to phone, and some lack them. All five have the same ink and
 * the same box, so that no colour steers the answer.
 */
export function Face({ level }: { level: number }) {
  return (
    <svg className="face" viewBox="0 0 48 48" aria-hidden="true">
      <circle cx="24" cy="24" r="20" />
      {(strokes[level] ?? []).map((stroke) => (
        <path key={stroke} d={stroke} />
      ))}
    </svg>
  );
}
