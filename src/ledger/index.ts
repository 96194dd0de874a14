export { type Account, type Entry, post, type PostingKind } from './post.ts';
