import { recordViews } from './record-views.consumer';

export const views = { consumers: [recordViews] };
