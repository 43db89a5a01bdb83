import type { ReactNode } from "react";

const dot = <circle cx="8" cy="8" r="5.8" />;

const icons = {
  home: <path d="M2.5 7 8 2.5 13.5 7v6.5h-4v-4h-3v4h-4z" />,
  inbox: <path d="M2 9.5 4 3h8l2 6.5V13H2zM2 9.5h3.5l1 1.5h3l1-1.5H14" />,
  chart: <path d="M2.500 13.500h11M4 11V8M7 11V4.500M10 11V6.500M13 11V3" />,
  upload: <path d="M8 10.500V3M5 6l3-3 3 3M2.500 11v2.500h11V11" />,
  download: <path d="M8 2.500v8M5 7.500l3 3 3-3M2.500 13.500h11" />,
  units: (
    <path d="M6 2.500h4v3H6zM1.500 10.500h4v3h-4zM10.500 10.500h4v3h-4zM8 5.500V8M3.500 10.500V8h9v2.500" />
  ),
  people: (
    <>
      <circle cx="6" cy="5.500" r="2.500" />
      <path d="M1.500 13.500c.3-2.700 2-4 4.500-4s4.200 1.300 4.500 4M10.500 3.200a2.500 2.500 0 0 1 0 4.600M12 9.800c1.500.5 2.300 1.800 2.500 3.700" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.300" />
      <path d="m10.300 10.300 3.200 3.200" />
    </>
  ),
  help: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M6.300 6.400c.1-1 .8-1.600 1.800-1.600 1 0 1.700.6 1.700 1.500 0 1.300-1.700 1.300-1.700 2.600M8.100 11.200v.1" />
    </>
  ),
  menu: <path d="M2.500 4.500h11M2.500 8h11M2.500 11.500h11" />,
  down: <path d="m4.500 6.500 3.500 3.500 3.500-3.500" />,
  up: <path d="m4.500 9.500 3.500-3.500 3.500 3.500" />,
  left: <path d="M9.500 4.500 6 8l3.500 3.500" />,
  right: <path d="m6.500 4.500 3.500 3.500-3.500 3.500" />,
  close: <path d="m4.500 4.500 7 7M11.500 4.500l-7 7" />,
  more: <path d="M4 8h.01M8 8h.01M12 8h.01" strokeWidth="2.200" />,
  check: <path d="m3.500 8.500 3 3 6-7" />,
  warn: <path d="M8 2.500 14.200 13H1.800zM8 6.500v3M8 11.300v.1" />,
  info: (
    <>
      {dot}
      <path d="M8 7.300v3.500M8 5.200v.1" />
    </>
  ),
  clock: (
    <>
      {dot}
      <path d="M8 4.800V8l2.200 1.500" />
    </>
  ),
  calendar: <path d="M2.500 3.500h11v10h-11zM2.500 6.500h11M5.500 2v3M10.500 2v3" />,
  lock: <path d="M3.500 7.500h9v6h-9zM5.500 7.500V5a2.500 2.500 0 0 1 5 0v2.500" />,
  pen: <path d="m3 13 .6-2.800L11 2.800 13.200 5l-7.400 7.400z" />,
  plus: <path d="M8 3.500v9M3.500 8h9" />,
  columns: <path d="M2.500 3h11v10h-11zM6.200 3v10M9.800 3v10" />,
  filter: <path d="M2.500 4h11M4.500 8h7M6.500 12h3" />,
  link: (
    <path d="M6.800 9.200a2.600 2.600 0 0 0 3.700 0l2.200-2.200a2.600 2.600 0 0 0-3.700-3.700l-.8.8M9.200 6.800a2.600 2.600 0 0 0-3.700 0L3.300 9a2.600 2.600 0 0 0 3.700 3.700l.8-.8" />
  ),
  bookmark: <path d="M4 2.500h8v11.500L8 11l-4 3z" />,
  swap: <path d="M3 6h9l-2.500-2.500M13 10H4l2.500 2.500" />,
  print: <path d="M4.500 6V2.500h7V6M4.500 11h-2V6h11v5h-2M4.500 9.500h7v4h-7z" />,
  chain: (
    <path d="M6.500 5 5 3.500a2.100 2.100 0 0 0-3 3l2 2a2.100 2.100 0 0 0 3 0M9.500 11l1.500 1.500a2.100 2.100 0 0 0 3-3l-2-2a2.100 2.100 0 0 0-3 0M6 6l4 4" />
  ),
  doc: <path d="M4 2h5.500L12.500 5v9H4zM9.500 2v3h3M6 8h4.500M6 10.500h4.500" />,
  bell: <path d="M4 11V7a4 4 0 0 1 8 0v4l1.200 1.500H2.800zM6.800 14h2.400" />,
  gear: (
    <>
      <circle cx="8" cy="8" r="2.200" />
      <path d="M8 1.800v2M8 12.200v2M1.800 8h2M12.200 8h2M3.600 3.600l1.400 1.400M11 11l1.400 1.400M3.600 12.400 5 11M11 5l1.400-1.400" />
    </>
  ),
  message: <path d="M2.500 3h11v8h-6l-3 2.500V11h-2z" />,
  globe: (
    <>
      {dot}
      <path d="M2.200 8h11.600M8 2.200c-3.200 3.500-3.200 8.100 0 11.600 3.200-3.500 3.200-8.100 0-11.600z" />
    </>
  ),
  key: (
    <>
      <circle cx="5.200" cy="10.800" r="2.700" />
      <path d="m7.200 8.800 5.800-5.800M10.500 5.500 12.500 7.500" />
    </>
  ),
  out: <path d="M9 2.500H3v11h6M6.500 8H14M11.500 5.500 14 8l-2.500 2.500" />,
  face: (
    <>
      {dot}
      <path d="M5.500 10.800c.6-1 1.400-1.400 2.500-1.400s1.900.4 2.500 1.400M6 6.500v.3M10 6.500v.3" />
    </>
  ),
  // how far a case is: a circle that fills
  ring: <circle cx="8" cy="8" r="5.800" strokeDasharray="2 2.050" />,
  empty: dot,
  handed: (
    <>
      {dot}
      <path d="M5.500 8h5M8.500 6l2 2-2 2" />
    </>
  ),
  half: (
    <>
      {dot}
      <path d="M8 4.500a3.500 3.500 0 0 1 0 7z" fill="currentColor" stroke="none" />
    </>
  ),
  most: (
    <>
      {dot}
      <path d="M8 8V4.500A3.500 3.500 0 1 1 4.500 8z" fill="currentColor" stroke="none" />
    </>
  ),
  full: (
    <>
      {dot}
      <circle cx="8" cy="8" r="3.200" fill="currentColor" stroke="none" />
    </>
  ),
  paused: (
    <>
      {dot}
      <path d="M6.500 6v4M9.500 6v4" />
    </>
  ),
  redo: <path d="M13 8a5 5 0 1 1-1.500-3.600M13 2.500v2.800h-2.800" />,
  barred: (
    <>
      {dot}
      <path d="m4 12 8-8" />
    </>
  ),
  done: (
    <>
      <circle cx="8" cy="8" r="6.500" fill="currentColor" stroke="none" />
      <path d="m5.200 8.200 2 2 3.600-4.200" stroke="#fff" />
    </>
  ),
  ok: (
    <>
      {dot}
      <path d="m5.500 8.200 1.800 1.800 3.300-3.800" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof icons;

/** Decorative: what it means always stands beside it in words. */
export function Icon({ name, small = false }: { name: IconName; small?: boolean }) {
  return (
    <svg className={small ? "i s" : "i"} viewBox="0 0 16 16" aria-hidden="true">
      {icons[name]}
    </svg>
  );
}

export function Logo() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d="M12 2.500a9.500 9.500 0 1 0 9.500 9.500" />
      <path d="m8 11.800 3.200 3.200L20 5.500" />
    </svg>
  );
}
