import { redraw } from '../store.js';

const KEPT = 20;
/** What pages asked of the JS-SDK, the newest first: `{ at, method, errMsg }`. */
export const pageCalls = [];

export function noteCall(method, errMsg) {
  pageCalls.unshift({ at: Date.now(), method, errMsg });
  pageCalls.splice(KEPT);
  redraw();
}
