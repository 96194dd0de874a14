import { icon } from './dom.js';

const PATHS = {
  back: 'M15 4 7 12l8 8',
  forward: 'm9 4 8 8-8 8',
  close: 'M5 5l14 14M19 5 5 19',
  more: 'M4.5 12h1M11.5 12h1M18.5 12h1',
  plus: 'M12 4v16M4 12h16',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M3 12h18',
  chats: 'M12 4c5 0 9 3.1 9 7s-4 7-9 7c-.9 0-1.8-.1-2.6-.3L5 20l1-3.4C4.1 15.3 3 13.3 3 11c0-3.9 4-7 9-7z',
  compass: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM15.5 8.500l-2 5-5 2 2-5z',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20c0-3.5 3.5-6 8-6s8 2.5 8 6',
  globe: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 2.5 4 6 4 9s-1 6.5-4 9c-3-2.5-4-6-4-9s1-6.5 4-9z',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 20.500h4',
  tick: 'M5 12.5 10 17.5 19.5 7',
  delete: 'M9 5h12v14H9l-6-7zM12 9.500l5 5M17 9.500l-5 5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  levers: 'M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4',
};

export const draw = (name) => icon(PATHS[name]);
