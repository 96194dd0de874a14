import { checkNode, ensureInstalled, ensurePhoneBuilt, ensureServerBuilt } from './prepare.mjs';

checkNode();
ensureInstalled();
ensureServerBuilt();
ensurePhoneBuilt('h5');
ensurePhoneBuilt('weapp');
