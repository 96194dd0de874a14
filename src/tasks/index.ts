export { askToMendTemplate } from './mend-template.ts';
export { type NewTask, openTasks, handOverTasks, mendTask, mendTasks, moveTask } from './open-task.ts';
export { findOwner } from './plan-task.ts';
export { taskRoutes } from './staff.routes.ts';
