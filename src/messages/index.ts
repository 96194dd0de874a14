export { messageRoutes } from './app.routes.ts';
export { warnOfTemplates } from './check-templates.ts';
export { deliverMessage } from './deliver-message.ts';
export { handlePush } from './handle-push.ts';
export { say } from './say.ts';
export { pushRoutes } from './wechat.routes.ts';
