export { messageRoutes } from './app.routes.ts';
export { adoptBindings } from './bindings.ts';
export { deliverMessage } from './deliver-message.ts';
export { handlePush } from './handle-push.ts';
export { say } from './say.ts';
export { askForSync, syncTemplates } from './sync-templates.ts';
export { messageTemplateRoutes } from './template.routes.ts';
export { pushRoutes } from './wechat.routes.ts';
