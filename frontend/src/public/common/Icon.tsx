const strokes = {
  alert: ["M10 3.2 17.5 16.5h-15z", "M10 8.3v3.6M10 14.1v.1"],
  back: ["M12.5 4.5 7 10l5.5 5.5"],
  building: ["M3.5 17V6.5L10 3l6.5 3.5V17M2.5 17h15", "M8 17v-4h4v4M7 8.8v.1M10 8.8v.1M13 8.8v.1"],
  check: ["m4.5 10.5 3.6 3.6 7.4-8.2"],
  clock: ["M2.75 10a7.25 7.25 0 1 0 14.5 0 7.25 7.25 0 1 0-14.5 0", "M10 5.8V10l2.8 2"],
  copy: ["M7 7h9.5v10H7z", "M13 7V3H3.5v10H7"],
  done: ["M2.75 10a7.25 7.25 0 1 0 14.5 0 7.25 7.25 0 1 0-14.5 0", "m6.8 10.2 2.3 2.3 4.2-4.7"],
  ended: ["M2.75 10a7.25 7.25 0 1 0 14.5 0 7.25 7.25 0 1 0-14.5 0", "M6.7 10h6.6"],
  image: [
    "M3 4h14v12H3z",
    "M6 8a1.3 1.3 0 1 0 2.6 0 1.3 1.3 0 1 0-2.6 0",
    "m3.5 14.5 4-3.5 2.7 2.2 3-3 3.5 3.3",
  ],
  lock: ["M4.5 9h11v8h-11z", "M7 9V6.5a3 3 0 0 1 6 0V9"],
  map: [
    "M10 17.5s5.5-4.7 5.5-9.2a5.5 5.5 0 0 0-11 0c0 4.5 5.5 9.2 5.5 9.2z",
    "M8 8.3a2 2 0 1 0 4 0 2 2 0 1 0-4 0",
  ],
  next: ["m7.5 4.5 5.5 5.5-5.5 5.5"],
  offline: ["M3 8a10.5 10.5 0 0 1 14 0M5.8 11.3a6.3 6.3 0 0 1 8.4 0M10 15v.1", "M3.5 3.5l13 13"],
  pen: ["M3.5 16.5h3l9-9-3-3-9 9zM10.7 6.3l3 3"],
  person: ["M6.8 6.5a3.2 3.2 0 1 0 6.4 0 3.2 3.2 0 1 0-6.4 0", "M3.5 17c.5-3.4 3-5.3 6.5-5.3s6 1.9 6.5 5.3"],
  phone: ["M4 3.5h3l1.5 4-2 1.3a9 9 0 0 0 4.7 4.7l1.3-2 4 1.5v3c0 .6-.4 1-1 1C9 17 3 11 3 4.5c0-.6.4-1 1-1z"],
  print: ["M6 8V3h8v5M6 14H3.5V8h13v6H14", "M6 12h8v5H6z"],
  search: ["M3.5 9a5.5 5.5 0 1 0 11 0 5.5 5.5 0 1 0-11 0", "m13.2 13.2 3.8 3.8"],
  track: ["M5 3h7l3.5 3.5V17H5zM12 3v3.5h3.5", "m7.5 11.5 1.8 1.8 3.2-3.6"],
} as const;

export type IconName = keyof typeof strokes;

/** Decoration: the words beside it say the same. */
export function Icon({ name, className = "" }: { name: IconName; className?: string }) {
  return (
    <svg className={`ic ${className}`} viewBox="0 0 20 20" aria-hidden="true">
      {strokes[name].map((stroke) => (
        <path key={stroke} d={stroke} />
      ))}
    </svg>
  );
}
